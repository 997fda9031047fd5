import type { Condition, Mutation, Range, Values } from "../../spec/mutation.ts";
import { equalities, quoted, tableName } from "./cql-text.ts";
import { type Bindings, type Marker, markersOf, type Statement } from "./statement.ts";

type Insert = Extract<Mutation, { op: "insert" }>;
type Update = Extract<Mutation, { op: "update" }>;
type Increment = Extract<Mutation, { op: "increment" }>;

/** Equal for mutations that need the same CQL. */
export function writeShape(mutation: Mutation): string {
  const { op } = mutation;
  const parts: unknown[] = [op];
  if ("key" in mutation) parts.push(Object.keys(mutation.key).length);
  if ("set" in mutation) parts.push(Object.keys(mutation.set), mutation.ttlSeconds !== undefined);
  if ("by" in mutation) parts.push(Object.keys(mutation.by));
  if ("range" in mutation) parts.push(boundsOf(mutation.range).map(({ side }) => side));
  if ("condition" in mutation) parts.push(mutation.condition?.kind, Object.keys(comparedIn(mutation.condition)));
  return JSON.stringify(parts);
}

/** The CQL of a mutation. */
export function writeStatement(keyspace: string, mutation: Mutation): Statement {
  const name = tableName(keyspace, mutation.table);
  switch (mutation.op) {
    case "insert":
      return insertStatement(name, mutation);
    case "update":
      return updateStatement(name, mutation);
    case "increment":
      return incrementStatement(name, mutation);
    case "delete":
    case "deletePartition": {
      const key = keyPart(mutation.key);
      const condition = conditionPart("condition" in mutation ? mutation.condition : undefined);
      return joined([`DELETE FROM ${name}`], key, condition);
    }
    case "deleteRange":
      return joined([`DELETE FROM ${name}`], keyPart(mutation.key), rangePart(mutation.range));
    case "truncate":
      return joined([`TRUNCATE ${name}`]);
  }
}

/** The values for the markers of a mutation's statement. */
export function writeBindings(mutation: Mutation): Bindings {
  if (mutation.op === "truncate") return {};
  return {
    key: mutation.key,
    set: "set" in mutation ? mutation.set : undefined,
    by: "by" in mutation ? mutation.by : undefined,
    ttl: { [TTL]: "ttlSeconds" in mutation ? mutation.ttlSeconds : undefined },
    if: "condition" in mutation ? comparedIn(mutation.condition) : undefined,
    ...("range" in mutation && boundBindings(mutation.range)),
  };
}

/** Not a column name: the value is no column's. */
const TTL = "[ttl]";

/** CQL and the markers in it; parts are put together with spaces. */
type Part = readonly [cql: string, markers?: readonly Marker[]];

function joined(...parts: readonly (Part | undefined)[]): Statement {
  const used = parts.filter((part) => part !== undefined);
  return { cql: used.map(([cql]) => cql).join(" "), markers: used.flatMap(([, markers]) => markers ?? []) };
}

function insertStatement(name: string, { condition, key, set, ttlSeconds }: Insert): Statement {
  const [keys, others] = [Object.keys(key), Object.keys(set)];
  const columns = [...keys, ...others];
  return joined(
    [
      `INSERT INTO ${name} (${columns.map(quoted).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      [...markersOf("key", keys), ...markersOf("set", others)],
    ],
    conditionPart(condition),
    ttlPart(ttlSeconds),
  );
}

function updateStatement(name: string, mutation: Update): Statement {
  const columns = Object.keys(mutation.set);
  return joined(
    [`UPDATE ${name}`],
    ttlPart(mutation.ttlSeconds),
    [`SET ${columns.map((column) => `${quoted(column)} = ?`).join(", ")}`, markersOf("set", columns)],
    keyPart(mutation.key),
    conditionPart(mutation.condition),
  );
}

function incrementStatement(name: string, mutation: Increment): Statement {
  const columns = Object.keys(mutation.by);
  const sums = columns.map((column) => `${quoted(column)} = ${quoted(column)} + ?`);
  return joined([`UPDATE ${name} SET ${sums.join(", ")}`, markersOf("by", columns)], keyPart(keyOfCounters(mutation)));
}

function keyPart(key: Values): Part {
  const columns = Object.keys(key);
  return [`WHERE ${equalities(columns)}`, markersOf("key", columns)];
}

function ttlPart(ttlSeconds: number | undefined): Part | undefined {
  return ttlSeconds === undefined ? undefined : ["USING TTL ?", [{ from: "ttl", column: TTL }]];
}

function conditionPart(condition: Condition | undefined): Part | undefined {
  if (condition === undefined) return undefined;
  if (condition.kind !== "equals") return [condition.kind === "exists" ? "IF EXISTS" : "IF NOT EXISTS"];
  const columns = Object.keys(condition.values);
  return [`IF ${equalities(columns)}`, markersOf("if", columns)];
}

const comparedIn = (condition: Condition | undefined): Values => (condition?.kind === "equals" ? condition.values : {});

/** Cassandra refuses the clustering columns where only static counters are written. Of an update `spec` leaves them out. */
function keyOfCounters({ by, key, table }: Increment): Values {
  if (!Object.keys(by).every((column) => table.static.includes(column))) return key;
  return Object.fromEntries(table.partition.map((column) => [column, key[column]]));
}

const OPERATORS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;
const SIDES = ["gt", "gte", "lt", "lte"] as const;

interface RangeBound {
  readonly side: (typeof SIDES)[number];
  readonly value: unknown;
}

const boundsOf = (range: Range): readonly RangeBound[] =>
  SIDES.flatMap((side) => (range[side] === undefined ? [] : [{ side, value: range[side] }]));

function rangePart(range: Range): Part | undefined {
  const bounds = boundsOf(range);
  if (bounds.length === 0) return undefined;
  const cql = bounds.map(({ side }) => `AND ${quoted(range.column)} ${OPERATORS[side]} ?`);
  return [cql.join(" "), bounds.map(({ side }) => ({ from: side, column: range.column }))];
}

const boundBindings = (range: Range): Bindings =>
  Object.fromEntries(boundsOf(range).map(({ side, value }) => [side, { [range.column]: value }]));
