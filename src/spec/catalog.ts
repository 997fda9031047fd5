import { checkKeysApart, checkPathsApart } from "./check-catalog.ts";
import { SpecError } from "./error.ts";
import { type ExportedKeys, exportKeys } from "./export.ts";
import { groupBy } from "./group-by.ts";
import type { AnyKey, Key, Source } from "./key.ts";
import { readKey } from "./key-text.ts";
import type { Table } from "./table.ts";

/** A key with the name it was given in `defineKeys`. */
export interface NamedKey {
  readonly name: string;
  readonly key: AnyKey;
}

/** Everything declared, and the questions asked of it: which key is this text, which keys does this table make stale. */
export interface Catalog {
  readonly keys: readonly NamedKey[];
  readonly tables: ReadonlyMap<string, Table>;
  /** Names the key spec in messages: equal for declarations that derive the same names from every write, 16 hex digits. */
  readonly fingerprint: string;
  readonly exported: ExportedKeys;
  /** The inverse of `key.text(params)`; undefined if no declared key has this text. */
  parse(text: string): (NamedKey & { readonly params: Readonly<Record<string, unknown>> }) | undefined;
  /** The keys that a write to this table can make stale, each with how it is found from the row. */
  staleBy(table: string): readonly (NamedKey & { readonly source: Source })[];
  /**
   * The name of a declared key, also where it is served under another path; undefined for a key that `defineKeys` was not
   * given. No write announces such a key, so what is read through it must not be cached.
   */
  nameOf<V, A>(key: Key<V, A>): string | undefined;
}

/** Registered, so that a key module and nearkey's own tools agree on it even where each loaded its own copy of this file. */
const CATALOG: unique symbol = Symbol.for("nearkey.catalog");

/** The keys of an application, by the names it uses for them. */
export type KeySet<K = Readonly<Record<string, AnyKey>>> = K & { readonly [CATALOG]: Catalog };

/**
 * Gathers the declared keys. Refuses two that could ever give the same text, two tables of one name, and two paths that
 * could be one. Throws `SpecError`.
 *
 * @example
 * export const keys = defineKeys({ user, friends });
 * keys.user.text({ id: 42 }); // "users_42"
 */
export function defineKeys<const K extends Readonly<Record<string, AnyKey>>>(keys: K): KeySet<K> {
  const named = Object.entries(keys).map(([name, key]) => Object.freeze({ name, key }));
  checkKeysApart(named);
  checkPathsApart(named);
  return Object.freeze({ ...keys, [CATALOG]: makeCatalog(named) });
}

/** What `defineKeys` worked out about these keys. */
export function catalogOf(keys: KeySet): Catalog {
  return keys[CATALOG];
}

/** True if this value is what `defineKeys` returned, by this or another copy of this module. */
export function isKeySet(value: unknown): value is KeySet {
  return typeof value === "object" && value !== null && CATALOG in value;
}

function makeCatalog(named: readonly NamedKey[]): Catalog {
  const tables = gatherTables(named);
  const bySource = groupBy(
    named.flatMap(({ name, key }) => key.sources.map((source) => ({ name, key, source }))),
    ({ source }) => source.table.name,
  );
  const byShape = groupBy(named, ({ key }) =>
    shapeOf(key.template.segments.map((s) => (s.kind === "literal" ? s.text : ""))),
  );
  const byReading = new Map(named.map(({ name, key }) => [key.reading, name]));
  const exported = exportKeys(named, tables);
  return Object.freeze({
    keys: Object.freeze(named),
    tables,
    exported,
    fingerprint: exported.fingerprint,
    parse: (text) => parseAmong(byShape.get(shapeOf(text.split("_"))) ?? [], text),
    staleBy: (table) => bySource.get(table) ?? [],
    nameOf: (key) => byReading.get(key.reading),
  } satisfies Catalog);
}

/** Keys of one shape share their first word and their number of segments. */
const shapeOf = (segments: readonly string[]): string => `${segments[0]} ${segments.length}`;

function parseAmong(candidates: readonly NamedKey[], text: string): ReturnType<Catalog["parse"]> {
  for (const { name, key } of candidates) {
    const params = readKey(key.template, key.params, text);
    if (params !== undefined) return { name, key, params };
  }
  return undefined;
}

function gatherTables(named: readonly NamedKey[]): ReadonlyMap<string, Table> {
  const tables = new Map<string, Table>();
  for (const { table } of named.flatMap(({ key }) => key.sources)) {
    const known = tables.get(table.name);
    if (known !== undefined && known !== table) {
      throw new SpecError(`two tables are called ${table.name}`, "Declare each table once and import it");
    }
    tables.set(table.name, table);
  }
  return tables;
}
