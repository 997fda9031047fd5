import fc from "fast-check";
import type { LiveKeyspace } from "../../../src/adapters/cassandra/live-keyspace.ts";
import type { LiveColumn, LiveField, LiveTable } from "../../../src/adapters/cassandra/live-schema.ts";

// Keyspaces as Cassandra might have them, drawn from few names, so that they get in each other's way.

const TABLES = [
  ...["users", "user", "users_by", "users_by_id", "users__by", "users_", "usersby", "user_s", "by", "a", "a_b", "ab"],
  ...[
    "class",
    "table",
    "tables",
    "text",
    "key",
    "keys",
    "define_keys",
    "delete",
    "news",
    "status",
    "is_key_set",
    "constructor",
  ],
  ...["Users", "with space", 'qu"ote', "new\nline // x", "*/", "é", "x".repeat(48), "x".repeat(49)],
];
const COLUMNS = [
  ...[
    "id",
    "user_id",
    "users_id",
    "class_id",
    "a_id",
    "id_id",
    "by",
    "a",
    "b",
    "n",
    "default",
    "constructor",
    "to_json",
  ],
  ...["Name", "with space", "new\nline", "y".repeat(49)],
];
const KEY_TYPES = [
  "int",
  "int",
  "text",
  "uuid",
  "timestamp",
  "boolean",
  "blob",
  "decimal",
  "frozen<list<int>>",
  "duration",
];
const TYPES = [
  ...KEY_TYPES,
  ...["ascii", "inet", "varint", "list<text>", "set<frozen<tuple<int, text>>>", "map<text, frozen<list<date>>>"],
  ...["vector<float, 3>", "frozen<address>", "address", "list<frozen<country>>", 'frozen<"Odd">', "frozen<absent>"],
  ...[
    "map<frozen<list<int>>, int>",
    "'org.apache.cassandra.db.marshal.BytesType'",
    "empty",
    "list<list<int>>",
    "list<",
  ],
];
const FIELDS: readonly (readonly [string, readonly LiveField[]])[] = [
  ["address", [field("street", "text"), field("land", "frozen<country>"), field("constructor", "int")]],
  ["country", [field("code", "ascii")]],
  ["Odd", [field("a", "int")]],
  ["holder", [field("odd", 'frozen<"Odd">')]],
  ["table", [field("text", "text")]],
];

function field(name: string, type: string): LiveField {
  return { name, type };
}

const order = fc.constantFrom("asc", "desc");

/** Columns of some kinds in key order, each kind where the table has room for it. */
const liveTable: fc.Arbitrary<LiveTable> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...COLUMNS), { minLength: 1, maxLength: 8 }),
    partition: fc.integer({ min: 1, max: 3 }),
    clustering: fc.integer({ min: 0, max: 3 }),
    isCounter: fc.boolean(),
    keyTypes: fc.array(fc.constantFrom(...KEY_TYPES), { minLength: 8, maxLength: 8 }),
    types: fc.array(fc.constantFrom(...TYPES), { minLength: 8, maxLength: 8 }),
    orders: fc.array(order, { minLength: 8, maxLength: 8 }),
    statics: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    defaultTtlSeconds: fc.constantFrom(0, 0, 86_400),
  })
  .map(({ clustering, defaultTtlSeconds, isCounter, keyTypes, names, orders, partition, statics, types }) => {
    const columnAt = (i: number): LiveColumn => {
      const keyType = keyTypes[i] ?? "int";
      if (i < partition) return { type: keyType, kind: "partition_key", position: i, order: "none" };
      const at = i - partition;
      if (at < clustering) return { type: keyType, kind: "clustering", position: at, order: orders[i] ?? "asc" };
      const isStatic = !isCounter && clustering > 0 && statics[i] === true;
      const type = isCounter ? "counter" : (types[i] ?? "int");
      return { type, kind: isStatic ? "static" : "regular", position: -1, order: "none" };
    };
    const columns = new Map(names.map((name, i) => [name, columnAt(i)]));
    return { columns, defaultTtlSeconds: isCounter ? 0 : defaultTtlSeconds }; // a counter cannot expire
  });

/** Any keyspace, its parts in any order. */
export const liveKeyspace: fc.Arbitrary<LiveKeyspace> = fc.record({
  name: fc.constant("shop"),
  tables: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...TABLES), liveTable), { maxLength: 12, selector: ([name]) => name })
    .map((tables) => new Map(tables)),
  types: fc.shuffledSubarray([...FIELDS]).map((types) => new Map(types)),
  views: fc.constant([{ name: "users_by_name", of: "users" }]),
  indexes: fc.constant([{ name: "i", table: "users", target: "name" }]),
});

/** The same keyspace, told in another order. */
export function reversed(live: LiveKeyspace): LiveKeyspace {
  const turn = <V>(map: ReadonlyMap<string, V>): ReadonlyMap<string, V> => new Map([...map].reverse());
  const tables = [...turn(live.tables)].map(([name, of]) => [name, { ...of, columns: turn(of.columns) }] as const);
  return {
    ...live,
    tables: new Map(tables),
    types: turn(live.types),
    views: [...live.views].reverse(),
    indexes: [...live.indexes].reverse(),
  };
}
