import type { Refusal, SchemaChange, TableName } from "../adapters/cassandra/cql/analysed.ts";
import type { StatementReader } from "../adapters/cassandra/cql/statement-reader.ts";
import type { Catalog } from "../spec/catalog.ts";
import type { Mutation } from "../spec/mutation.ts";
import { type Touches, touchesOf } from "../spec/touches.ts";
import { UnclearStatementError } from "./errors.ts";

/** One statement, as it is given to the driver. */
export interface Statement {
  readonly cql: string;
  readonly params: unknown;
  /** The keyspace that the request names for tables that the text names without one. */
  readonly keyspace?: string | undefined;
}

/** What is to be announced of some statements that are executed together. */
export interface Announced {
  readonly touches: Touches;
  /** True where one is a lightweight transaction, or may be. */
  readonly isConditional: boolean;
  readonly isCounter: boolean;
  /** Values are given beside the text. */
  readonly hasMarkers: boolean;
  /** One gives its own timestamp. */
  readonly hasOwnTime: boolean;
  /** The schema changes: what is known of statements holds no longer. */
  readonly isSchemaChange: boolean;
}

/** What to do where it cannot be told what a statement writes: refuse it, or touch all that it can be about. */
export type OnUnclear = "refuse" | "touch-table";

export interface WhatItTouchesOptions {
  readonly reader: StatementReader;
  readonly catalog: Catalog;
  readonly keyspace: string;
  readonly onUnclear: OnUnclear;
}

interface Found {
  readonly mutations: Mutation[];
  /** Tables that are touched whole. */
  readonly whole: Set<string>;
  isConditional: boolean;
  hasMarkers: boolean;
  hasOwnTime: boolean;
  isSchemaChange: boolean;
}

/** Tells what statements make stale. */
export class WhatItTouches {
  readonly #options: WhatItTouchesOptions;

  constructor(options: WhatItTouchesOptions) {
    this.#options = options;
  }

  /**
   * Of statements that are executed together; undefined where there is nothing to announce, because they only read, or write tables that no
   * key is read from. Throws `UnclearStatementError`, `MutationError`; rejects with what the driver says of a text that the server refuses.
   */
  async of(statements: readonly Statement[]): Promise<Announced | undefined> {
    const { catalog } = this.#options;
    const found: Found = {
      ...{ mutations: [], whole: new Set() },
      ...{ isConditional: false, hasMarkers: false, hasOwnTime: false, isSchemaChange: false },
    };
    for (const statement of statements) await this.#add(found, statement);
    if (found.mutations.length === 0 && found.whole.size === 0) return undefined;
    const named = touchesOf(catalog, found.mutations);
    const touches = {
      ...named,
      tables: [...new Set([...named.tables, ...found.whole])],
      about: [...new Set([...named.about, ...found.whole])],
    };
    return {
      touches,
      isConditional: found.isConditional,
      isCounter: touches.about.some((table) => catalog.tables.get(table)?.counter ?? false),
      hasMarkers: found.hasMarkers,
      hasOwnTime: found.hasOwnTime,
      isSchemaChange: found.isSchemaChange,
    };
  }

  /** True for a statement that only reads. */
  reads(cql: string): boolean {
    return this.#options.reader.analyse(cql).kind === "read";
  }

  /** Of statements whose keys the application names itself. Throws `UnclearStatementError` for a text that is no declared key. */
  named(keyTexts: readonly string[]): Announced {
    const { catalog } = this.#options;
    const about = new Set<string>();
    for (const text of keyTexts) {
      const parsed = catalog.parse(text);
      if (parsed === undefined) throw noSuchKey(text);
      for (const { table } of parsed.key.sources) about.add(table.name);
    }
    const tables = about.size > 0 ? [...about] : [...catalog.tables.keys()];
    const touches = { keys: keyTexts, partitions: [], tables: [], about: tables };
    const unknown = { isConditional: true, isCounter: false, hasMarkers: false, hasOwnTime: false };
    return { touches, ...unknown, isSchemaChange: false };
  }

  async #add(found: Found, { cql, keyspace, params }: Statement): Promise<void> {
    const { reader } = this.#options;
    const analysed = reader.analyse(cql);
    if (analysed.kind === "schema") return this.#addSchemaChange(found, analysed);
    if (analysed.kind === "refused") return this.#addUnclear(found, analysed, cql);
    if (analysed.kind !== "write") return;
    if (keyspace !== undefined && keyspace !== reader.sessionKeyspace) {
      const reason = `the request names keyspace ${keyspace}, and the session is in another`;
      return this.#addUnclear(found, { kind: "refused", reason, at: 0 }, cql);
    }
    const written = await reader.mutations(cql, analysed, params);
    if (written.kind === "refused") return this.#addUnclear(found, written, cql);
    found.mutations.push(...written.mutations);
    found.hasOwnTime ||= analysed.timestamp === "own";
    found.hasMarkers ||= analysed.markers > 0;
    found.isConditional ||= analysed.statements.some((one) => one.isConditional);
  }

  #addSchemaChange(found: Found, { table }: SchemaChange): void {
    found.isSchemaChange = true;
    for (const name of this.#tablesOf(table)) found.whole.add(name);
  }

  #addUnclear(found: Found, { at, reason, table }: Refusal, cql: string): void {
    const tables = this.#tablesOf(table);
    if (tables.length === 0) return; // whatever it writes, no key is read from there
    if (this.#options.onUnclear === "refuse") throw unclear(cql, reason, at);
    found.isConditional = true; // it may be
    for (const name of tables) found.whole.add(name);
  }

  /** The declared tables that may be meant. */
  #tablesOf(name: TableName | undefined): readonly string[] {
    const { catalog, keyspace } = this.#options;
    if (name === undefined) return [...catalog.tables.keys()];
    const isOurs = name.keyspace === undefined || name.keyspace === keyspace;
    return isOurs && catalog.tables.has(name.table) ? [name.table] : [];
  }
}

const MOST_SHOWN = 120;

function unclear(cql: string, reason: string, at: number): UnclearStatementError {
  const shown = cql.length > MOST_SHOWN ? `${cql.slice(0, MOST_SHOWN)}...` : cql;
  return new UnclearStatementError(
    `what this statement writes is not clear: ${reason} (at ${at} of ${JSON.stringify(shown)})`,
    'Give the keys that it makes stale as the option touches: [keys.user.text({ id: 42 })]; or set onUnclear: "touch-table"',
  );
}

const noSuchKey = (text: string): UnclearStatementError =>
  new UnclearStatementError(
    `touches names ${JSON.stringify(text.slice(0, MOST_SHOWN))}, which no declared key can give`,
    "Make it from the key: keys.user.text({ id: 42 })",
  );
