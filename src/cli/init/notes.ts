import { hasManyCells, ttlReadable } from "../../adapters/cassandra/cells.ts";
import { regularColumnsOf, type Table } from "../../spec/table.ts";

/** What one should know of a table before caching it; each a sentence or two. */
export function notesOf(table: Table, defaultTtlSeconds: number): readonly string[] {
  if (table.counter) {
    return [
      "Counters: every increment evicts the row. Where they are written more often than read, leave its key out: reads then ask Cassandra.",
    ];
  }
  return [...expiry(defaultTtlSeconds), ...unknownExpiry(table)];
}

const expiry = (seconds: number): readonly string[] =>
  seconds === 0
    ? []
    : [
        `Rows expire after ${seconds} s (default_time_to_live), and no write says so: an entry is kept no longer than the first of its cells.`,
      ];

/** Where Cassandra does not tell how long something lives, it is not kept at all. */
function unknownExpiry(table: Table): readonly string[] {
  const many = Object.keys(table.columns).filter((column) => {
    const type = table.columns[column];
    return type !== undefined && hasManyCells(type);
  });
  const readable = ttlReadable(table);
  if (!regularColumnsOf(table).some((column) => readable.includes(column))) {
    return ['With ttl: "may" nothing of it is cached: Cassandra does not tell how long such a row lives.'];
  }
  if (many.length === 0) return [];
  return [`With ttl: "may" a row with ${many.join(", ")} is not cached: Cassandra does not tell how long those live.`];
}
