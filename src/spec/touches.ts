import { isConditional } from "./batch.ts";
import type { Catalog } from "./catalog.ts";
import type { AnyKey, Source } from "./key.ts";
import { MAX_KEY_LENGTH } from "./key-text.ts";
import type { Mutation, Values } from "./mutation.ts";
import { bindsPartition, partitionName } from "./partition.ts";
import type { Table } from "./table.ts";

/** What a write makes stale, by name. */
export interface Touches {
  readonly keys: readonly string[];
  /** Every key, list, count and view of these partitions. */
  readonly partitions: readonly string[];
  /** Everything read from these tables. */
  readonly tables: readonly string[];
  /** The tables written, for readers that do not share our key spec. */
  readonly about: readonly string[];
}

type RowMutation = Exclude<Mutation, { op: "truncate" }>;

interface Names {
  readonly keys: Set<string>;
  readonly partitions: Set<string>;
  readonly tables: Set<string>;
}

/**
 * What these mutations make stale, derived from the declared keys.
 *
 * @example
 * touchesOf(catalogOf(keys), [insert(friendships, { user_id: 42, friend_id: 7 })]).keys; // ["users_42_friends", ...]
 */
export function touchesOf(catalog: Catalog, mutations: readonly Mutation[]): Touches {
  const names: Names = { keys: new Set(), partitions: new Set(), tables: new Set() };
  for (const mutation of mutations) {
    if (mutation.op === "truncate") names.tables.add(mutation.table.name);
    else addNames(names, catalog, mutation);
  }
  return {
    keys: [...names.keys],
    partitions: [...names.partitions],
    tables: [...names.tables],
    about: [...new Set(mutations.map((m) => m.table.name))],
  };
}

function addNames(names: Names, catalog: Catalog, mutation: RowMutation): void {
  const reaches = reachesOtherRows(mutation);
  // A conditional write may be decided later, together with others of its partition.
  if (reaches || isConditional(mutation)) addPartition(names, mutation);
  for (const { key, source } of catalog.staleBy(mutation.table.name)) {
    const params = paramsFrom(key, source, mutation.key);
    if (params !== undefined) addKey(names, key, params);
    // Which keys it is cannot be told from the row: all those of the partition, or where that is unknown too, of the table.
    if (bindsPartition(source)) {
      if (params === undefined) addPartition(names, mutation);
    } else if (params === undefined || reaches) {
      names.tables.add(mutation.table.name);
    }
  }
}

/** True where a write changes rows whose key it does not name: ranges, and static columns, which every row of the partition shows. */
function reachesOtherRows(mutation: RowMutation): boolean {
  if (mutation.op === "deletePartition" || mutation.op === "deleteRange") return true;
  if (mutation.op === "delete") return false;
  const written = mutation.op === "increment" ? mutation.by : mutation.set;
  return mutation.table.static.some((column) => Object.hasOwn(written, column));
}

/** The key's parameters, or undefined if the row as far as the write names it does not tell them all. */
function paramsFrom(key: AnyKey, source: Source, row: Values): Values | undefined {
  const params: Record<string, unknown> = {};
  let found = 0;
  for (const [column, param] of Object.entries(source.bind)) {
    if (!Object.hasOwn(row, column)) return undefined;
    params[param] = row[column];
    found++;
  }
  return found === Object.keys(key.params).length ? params : undefined;
}

/** Nothing is ever cached under a key that is too long, so there is nothing to touch, and no reason to refuse the write. */
function addKey(names: Names, key: AnyKey, params: Values): void {
  try {
    names.keys.add(key.text(params));
  } catch (error) {
    if (!isTooLong(error)) throw error;
  }
}

/** By code: the keys may come from another copy of this module. */
const isTooLong = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "E_KEY_TOO_LONG";

/** A key holds the texts of its whole partition, so where they alone are longer than a key there is nothing to touch either. */
function addPartition(names: Names, { table, key }: RowMutation): void {
  const name = partitionName(table, key);
  if (name.length <= longestPartitionName(table)) names.partitions.add(name);
}

const longestPartitionName = (table: Table): number => table.name.length + 1 + MAX_KEY_LENGTH;
