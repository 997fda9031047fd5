/** What a message, a window or an orphan names: keys, partitions, and whole tables. */
export interface Names {
  readonly keys: readonly string[];
  readonly partitions: readonly string[];
  readonly tables: readonly string[];
}

/** What a copy is a copy of: its key, and the partitions and tables that can be touched instead of it. */
export interface Subject {
  readonly key: string;
  readonly partitions: readonly string[];
  readonly tables: readonly string[];
}

export function isEmpty(names: Names): boolean {
  return names.keys.length + names.partitions.length + names.tables.length === 0;
}

/** Every name once, tagged, for maps that count or remember by name. A key never equals a partition, which has a `/`. */
export function* eachName(names: Names): Generator<string> {
  yield* names.keys;
  yield* names.partitions;
  for (const table of names.tables) yield tableTag(table);
}

/** A table's name where keys and partitions are names too: it ends in `/`, as neither of them does. */
export const tableTag = (table: string): string => `${table}/`;
