import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyse } from "../../src/adapters/cassandra/cql/analyse.ts";
import type { AnalysedWrite, Relation, WriteShape } from "../../src/adapters/cassandra/cql/analysed.ts";
import { anyStatement } from "./statement-arbitraries.ts";
import { anyTable } from "./table-arbitraries.ts";

function written(cql: string): AnalysedWrite {
  const analysed = analyse(cql);
  if (analysed.kind !== "write") throw new Error(`${cql}: ${JSON.stringify(analysed)}`);
  return analysed;
}

const relationInWords = (of: Relation): string => {
  if (of.kind === "slice") return `slice ${of.columns.join(" ")}`;
  const terms = of.kind === "equals" ? [of.term] : of.kind === "in" ? of.terms : [of.marker];
  return `${of.column} ${of.kind} ${terms.map((term) => (term.kind === "marker" ? `#${term.index}` : term.kind === "literal" ? term.text : "-")).join(" ")}`;
};

/** `update ks.t set a b where id equals #0, c in #1 5 if` */
function shapeInWords(of: WriteShape): string {
  const parts = [of.op, [of.table.keyspace, of.table.table].filter(Boolean).join(".")];
  if (of.op === "insert")
    parts.push(
      "values",
      [...of.values]
        .map(
          ([column, term]) =>
            `${column} ${term.kind === "marker" ? `#${term.index}` : term.kind === "literal" ? term.text : "-"}`,
        )
        .join(", "),
    );
  if (of.op === "insertJson") parts.push("others", of.others);
  if (of.op === "update") parts.push("set", ...of.set);
  if (of.op === "delete" && of.columns.length > 0) parts.push("columns", ...of.columns);
  if (of.op === "update" || of.op === "delete") parts.push("where", of.where.map(relationInWords).join(", "));
  if (of.isConditional) parts.push("if");
  if (of.ttl) parts.push("ttl");
  if (of.timestamp) parts.push("timestamp");
  return parts.join(" ");
}

describe("writes", () => {
  test.each([
    ["INSERT INTO t (id, v) VALUES (?, ?)", "insert t values id #0, v #1"],
    [
      'insert into KS."T" (ID) values (:a) if not exists using ttl ? and timestamp 5;',
      "insert ks.T values id #0 if ttl timestamp",
    ],
    [
      "INSERT INTO t (v, id) VALUES (f(?, [?]), ?) USING TIMESTAMP ? AND TTL 3",
      "insert t values v -, id #2 ttl timestamp",
    ],
    ["INSERT INTO t (id) VALUES (- 5)", "insert t values id -"],
    ["INSERT INTO t (id) VALUES ((int) 5)", "insert t values id -"],
    ["INSERT INTO t (id) VALUES (null)", "insert t values id -"],
    ["INSERT INTO t (id) VALUES (TRUE)", "insert t values id true"],
    ["INSERT INTO json JSON '{}'", "insertJson json others null"],
    ["INSERT INTO t JSON :j DEFAULT NULL IF NOT EXISTS", "insertJson t others null if"],
    ["INSERT INTO t JSON ? DEFAULT UNSET USING TTL 5", "insertJson t others unset ttl"],
    ["UPDATE t SET v = ? WHERE id = ?", "update t set v where id equals #1"],
    ["UPDATE t USING TTL ? AND TIMESTAMP ? SET v = ? WHERE id = ?", "update t set v where id equals #3 ttl timestamp"],
    [
      "UPDATE t SET a = a + ?, b = ? + b, c[?] = ?, d.e = ?, f += {?}, g -= [1] WHERE id = ?",
      "update t set a b c d f g where id equals #6",
    ],
    [
      "UPDATE t SET a = {'where': 1, 'if' : (int) ?}, b = (x, {y: 'z, where'}) WHERE id = ?",
      "update t set a b where id equals #1",
    ],
    ["UPDATE t SET a = {street: now(), zip: :zip} WHERE id = :id", "update t set a where id equals #1"],
    [
      "UPDATE t SET ttl = 1, json = 2 WHERE (id = ?) AND key IN (?, 5, 'a')",
      "update t set ttl json where id equals #0, key in #1 5 a",
    ],
    ["UPDATE t SET a = 1 WHERE ((id = ?)) AND (c IN (1))", "update t set a where id equals #0, c in 1"],
    ["UPDATE t SET a = 1 WHERE id IN ? AND c IN ()", "update t set a where id inMarker #0, c in "],
    ["UPDATE t SET a = 1 WHERE id = ? IF EXISTS", "update t set a where id equals #0 if"],
    [
      "UPDATE t SET a = 1 WHERE id = ? IF a IN (?, ?) AND b[?] = ? AND c.d != {'x': 1}",
      "update t set a where id equals #0 if",
    ],
    ["UPDATE t SET a = 1 WHERE id = ? OR id = ?", "update t set a where id equals -"],
    ["UPDATE t SET a = 1 WHERE id = now()", "update t set a where id equals -"],
    ["DELETE FROM t WHERE id = ? AND c >= ? AND c < 5", "delete t where id equals #0, slice c, slice c"],
    [
      "DELETE a, b[?], c.d FROM t USING TIMESTAMP ? WHERE id = ?",
      "delete t columns a b c where id equals #2 timestamp",
    ],
    ["DELETE FROM t WHERE id = ? AND (c, d) > (?, ?) IF EXISTS", "delete t where id equals #0, slice c d if"],
    ["DELETE FROM t WHERE id = ? AND (c, d) IN ((?, ?), :m)", "delete t where id equals #0, slice c d"],
    ["TRUNCATE t", "truncate t"],
    ["TRUNCATE TABLE ks.t;", "truncate ks.t"],
    ["TRUNCATE COLUMNFAMILY t", "truncate t"],
    ["/* INSERT */ TRUNCATE -- TABLE x\n t", "truncate t"],
  ])("%s", (cql, shape) => {
    expect(written(cql).statements.map(shapeInWords)).toEqual([shape]);
  });

  test("a batch is its statements, each with the batch's timestamp", () => {
    const cql = `BEGIN UNLOGGED BATCH USING TIMESTAMP ? INSERT INTO a (id) VALUES (?) UPDATE b SET v = 1 WHERE id = ?;
      DELETE FROM c WHERE id = ? IF v = ?; INSERT INTO d JSON ? APPLY BATCH;`;
    const { isBatch, markers, statements, timestamp } = written(cql);
    expect({ isBatch, markers, timestamp }).toEqual({ isBatch: true, markers: 6, timestamp: "own" });
    expect(statements.map(shapeInWords)).toEqual([
      "insert a values id #1 timestamp",
      "update b set v where id equals #2 timestamp",
      "delete c where id equals #3 if timestamp",
      "insertJson d others null timestamp",
    ]);
  });

  test.each([
    ["UPDATE t SET a = 1 WHERE id = 1", "none"],
    ["UPDATE t USING TTL 5 SET a = 1 WHERE id = 1", "none"],
    ["UPDATE t USING TIMESTAMP 5 SET a = 1 WHERE id = 1", "own"],
    ["BEGIN BATCH DELETE FROM t USING TIMESTAMP 5 WHERE id = 1 APPLY BATCH", "own"],
    ["BEGIN BATCH USING TIMESTAMP 5 APPLY BATCH", "own"],
  ])("%s has a timestamp of its own: %s", (cql, timestamp) => {
    expect(written(cql).timestamp).toBe(timestamp);
  });
});

describe("what writes no rows", () => {
  test.each([
    ["SELECT * FROM t WHERE token(id) > ?", { kind: "read" }],
    ["  -- x\n select json now() from t", { kind: "read" }],
    ["USE ks", { kind: "other" }],
    ["GRANT ALL ON ks.t TO x", { kind: "other" }],
    ["LIST ROLES", { kind: "other" }],
    ["DESCRIBE TABLES", { kind: "other" }],
    ["CREATE ROLE x", { kind: "other" }],
    ["DROP USER x", { kind: "other" }],
    ["CREATE TABLE IF NOT EXISTS ks.T (id int PRIMARY KEY)", { kind: "schema", table: { keyspace: "ks", table: "t" } }],
    ["ALTER TABLE t ADD x int", { kind: "schema", table: { keyspace: undefined, table: "t" } }],
    ['DROP TABLE IF EXISTS "T"', { kind: "schema", table: { keyspace: undefined, table: "T" } }],
    ["DROP KEYSPACE ks", { kind: "schema" }],
    ["ALTER TYPE x ADD y int", { kind: "schema" }],
    ["CREATE MATERIALIZED VIEW v AS SELECT * FROM t", { kind: "schema" }],
  ])("%s", (cql, expected) => {
    expect(analyse(cql)).toEqual(expected);
  });
});

describe("refused, with the place", () => {
  test.each([
    ["", 0],
    [";", 0],
    ["EXPLAIN SELECT", 0],
    ["BEGIN TRANSACTION", 6],
    ["INSERT INTO t", 13],
    ["INSERT INTO t (a, b) VALUES (?)", 31],
    ["INSERT INTO t (a, a) VALUES (?, ?)", 34],
    ["INSERT INTO t (a) VALUES (?", 27],
    ["INSERT INTO t (a) VALUES (?, )", 29],
    ["INSERT INTO t (a) VALUES (?) IF EXISTS", 29],
    ["INSERT INTO t (a) VALUES (?) USING TTL 5 AND TTL 6", 49],
    ["INSERT INTO t (a) VALUES (?) INSERT INTO t (a) VALUES (?)", 29],
    ["INSERT INTO t (a) VALUES (?); DELETE FROM t WHERE a = 1", 30],
    ["UPDATE t SET a = ?", 18],
    ["UPDATE t SET a WHERE id = ?", 15],
    ["UPDATE t SET a = WHERE id = ?", 17],
    ["UPDATE t SET a = (1 WHERE id = ?", 32],
    ["UPDATE t SET a = (1] WHERE id = ?", 19],
    ["UPDATE t SET a = 1 WHERE id != ?", 28],
    ["UPDATE t SET a = 1 WHERE id CONTAINS ?", 28],
    ["UPDATE t SET a = 1 WHERE id LIKE ?", 28],
    ["UPDATE t SET a = 1 WHERE id[?] = ?", 27],
    ["UPDATE t SET a = 1 WHERE token(id) = ?", 30],
    ["UPDATE t SET a = 1 WHERE id = ? AND", 35],
    ["UPDATE t SET a = 1 WHERE ((id = ?)", 34],
    ["UPDATE t SET a = 1 WHERE id = ? IF", 34],
    ["UPDATE t SET a = 1 WHERE id = ? IF a IN (1", 42],
    ["DELETE FROM t", 13],
    ["DELETE * FROM t WHERE id = 1", 7],
    ["TRUNCATE t, u", 10],
    ["TRUNCATE ?", 9],
    ["BEGIN BATCH INSERT INTO t (a) VALUES (?)", 40],
    ["BEGIN BATCH TRUNCATE t APPLY BATCH", 12],
    ["BEGIN BATCH SELECT 1 APPLY BATCH", 12],
  ])("%s", (cql, at) => {
    expect(analyse(cql)).toMatchObject({ kind: "refused", at });
  });

  test("names the table that a single statement can only be about, and none for a batch", () => {
    expect(analyse("DELETE FROM ks.t WHERE token(a) > 1")).toMatchObject({ table: { keyspace: "ks", table: "t" } });
    expect(analyse("BEGIN BATCH DELETE FROM ks.t WHERE token(a) > 1 APPLY BATCH")).not.toHaveProperty("table");
  });
});

describe("any text", () => {
  const statement = anyTable("t").chain((of) => anyStatement([of]));

  test("is understood or refused, and never throws", () => {
    const words = fc.constantFrom(
      "INSERT INTO t",
      "UPDATE t SET",
      "(a)",
      "VALUES (?)",
      "WHERE",
      "a = ?",
      "AND",
      "IN (1, ?)",
      "IF",
      "USING TTL 5",
      ";",
      "BEGIN BATCH",
      "APPLY BATCH",
      "'",
      "$$",
      "/*",
      "--",
      "{",
      ")",
      "\n",
      ":x",
      ":",
    );
    const junk = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words, { maxLength: 12 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(junk, (cql) => {
        expect(["write", "read", "other", "schema", "refused"]).toContain(analyse(cql).kind);
      }),
      { numRuns: 3000 },
    );
  });

  test.each(["(", "[", "{", "WHERE (", "f("])("is no deeper than can be read: %s over and over", (open) => {
    for (const start of [
      "UPDATE t SET a = 1 WHERE ",
      "UPDATE t SET a = ",
      "INSERT INTO t (a) VALUES (",
      "DELETE FROM t WHERE a IN ",
    ]) {
      expect(analyse(start + open.repeat(8_000)).kind).toBe("refused");
    }
  });

  test("a statement that was cut off anywhere is refused, or is a whole statement itself", () => {
    fc.assert(
      fc.property(statement, fc.double({ min: 0, max: 1, noNaN: true }), ({ cql }, share) => {
        const cut = analyse(cql.slice(0, Math.floor(cql.length * share)));
        const whole = analyse(cql);
        expect(whole.kind).toBe("write");
        if (cut.kind === "refused") return;
        // Conditions, options and relations may be missing at its end; the table and what was read of it stay.
        expect(cut.kind === "write" && cut.statements[0]?.op).toBe(whole.kind === "write" && whole.statements[0]?.op);
      }),
      { numRuns: 1000 },
    );
  });
});
