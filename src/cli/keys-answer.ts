import type { Catalog, NamedKey } from "../spec/catalog.ts";
import { NearkeyError } from "../spec/error.ts";
import type { Source } from "../spec/key.ts";
import type { Mutation } from "../spec/mutation.ts";
import { bindsPartition } from "../spec/partition.ts";
import { partitionsOf } from "../spec/read-plan.ts";
import { touchesOf } from "../spec/touches.ts";

/** A text on the command line that is no declared key. */
export class NoSuchKeyError extends NearkeyError {
  readonly code = "E_NO_SUCH_KEY";
}

/** What a write evicts, each name with the declarations that it is of. */
export interface MutationAnswer {
  readonly keys: readonly { readonly key: string; readonly name: string }[];
  /** Every key of these partitions, of these declarations. */
  readonly partitions: readonly { readonly partition: string; readonly names: readonly string[] }[];
  readonly tables: readonly { readonly table: string; readonly names: readonly string[] }[];
  /** The views that read through other keys: which of theirs follow is known only as they read. */
  readonly viewsThatMayFollow: readonly string[];
}

/** What makes one key stale. */
export interface KeyAnswer {
  readonly key: string;
  readonly name: string;
  readonly template: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly httpPath: string;
  /** Writes to rows with these values. A source that leaves a parameter open is touched as a whole. */
  readonly rows: readonly { readonly table: string; readonly where: Readonly<Record<string, unknown>> }[];
  readonly partitions: readonly string[];
  readonly tables: readonly string[];
  /** True for a view: it is stale too when a key is that it read. */
  readonly followsWhatItReads: boolean;
  readonly ttlMs: number | undefined;
}

/** What this write evicts. */
export function answerMutation(catalog: Catalog, mutation: Mutation): MutationAnswer {
  const touches = touchesOf(catalog, [mutation]);
  const readers = catalog.staleBy(mutation.table.name);
  return {
    keys: touches.keys.map((key) => ({ key, name: catalog.parse(key)?.name ?? "" })),
    partitions: touches.partitions.map((partition) => ({
      partition,
      names: unique(readers.filter(({ source }) => bindsPartition(source))),
    })),
    tables: touches.tables.map((table) => ({ table, names: unique(readers) })),
    viewsThatMayFollow: unique(catalog.keys.filter(({ key }) => key.reading.kind === "view")),
  };
}

const unique = (named: readonly NamedKey[]): readonly string[] => [...new Set(named.map(({ name }) => name))];

/** What makes the key of this text stale. Throws `NoSuchKeyError`. */
export function answerKey(catalog: Catalog, text: string): KeyAnswer {
  const found = catalog.parse(text);
  if (found === undefined) {
    throw new NoSuchKeyError(`no declared key is called ${text}`, `The templates are ${templatesOf(catalog)}`);
  }
  const { name, key, params } = found;
  return {
    key: text,
    name,
    template: key.template.source,
    kind: key.reading.kind,
    params,
    httpPath: key.httpPath,
    rows: key.sources.map((source) => ({ table: source.table.name, where: whereOf(source, params) })),
    partitions: [...new Set(partitionsOf(key, params))],
    tables: [...new Set(key.sources.map(({ table }) => table.name))],
    followsWhatItReads: key.reading.kind === "view",
    ttlMs: key.options.ttlMs,
  };
}

const templatesOf = (catalog: Catalog): string => catalog.keys.map(({ key }) => key.template.source).join(", ");

function whereOf({ bind }: Source, params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(bind).map(([column, param]) => [column, params[param]]));
}
