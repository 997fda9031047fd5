import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LiveKeyspace } from "../../../src/adapters/cassandra/live-keyspace.ts";
import type { LiveColumn, LiveTable } from "../../../src/adapters/cassandra/live-schema.ts";
import { singularOf } from "../../../src/cli/init/identifiers.ts";
import { planModules } from "../../../src/cli/init/plan.ts";
import { tablesModule } from "../../../src/cli/init/tables-module.ts";
import { FileExistsError, writeModules } from "../../../src/cli/init/write-modules.ts";

const EMPTY = { types: new Map(), views: [], indexes: [] };

/** A table with partition columns of int, clustering columns of int, and others of these types. */
function tableOf(
  partition: readonly string[],
  clustering: readonly string[] = [],
  others: Readonly<Record<string, string>> = {},
  defaultTtlSeconds = 0,
): LiveTable {
  type Column = readonly [string, LiveColumn];
  const key = (kind: LiveColumn["kind"], names: readonly string[], order: string) =>
    names.map((name, position): Column => [name, { type: "int", kind, position, order }]);
  const rest = Object.entries(others).map(
    ([name, type]): Column => [name, { type, kind: "regular", position: -1, order: "none" }],
  );
  const columns = new Map([
    ...key("partition_key", partition, "none"),
    ...key("clustering", clustering, "asc"),
    ...rest,
  ]);
  return { columns, defaultTtlSeconds };
}

const keyspace = (tables: Readonly<Record<string, LiveTable>>): LiveKeyspace => ({
  ...EMPTY,
  name: "shop",
  tables: new Map(Object.entries(tables)),
});
const keysOf = (tables: Readonly<Record<string, LiveTable>>) =>
  planModules(keyspace(tables)).keys.map(
    ({ guess, name, template }) => `${name} ${template}${guess === undefined ? "" : " ?"}`,
  );
const notesOf = (table: LiveTable) => planModules(keyspace({ t: table })).tables[0]?.notes.join(" ");

describe("the keys that are proposed", () => {
  test("are one for the rows of each table, under its name with hyphens, and a guess where it has lists", () => {
    expect(keysOf({ order_items: tableOf(["order_no"], ["line"]), settings: tableOf(["a", "b"]) })).toEqual([
      "orderItem order-items_{order_no}_{line}",
      "orderItems order-items_{order_no} ?",
      "setting settings_{a}_{b}",
    ]);
  });

  test("hang a list under the table that its partition column names, by the singular or by the same word", () => {
    const posts = { posts: tableOf(["user_id"], ["n"]) };
    expect(keysOf({ users: tableOf(["id"]), ...posts })).toContain("posts users_{id}_posts ?");
    expect(keysOf({ user: tableOf(["id"]), ...posts })).toContain("posts user_{id}_posts ?");
    expect(keysOf({ users: tableOf(["no"]), ...posts })).toContain("posts posts_{user_id} ?");
    expect(keysOf({ users: tableOf(["id"], ["n"]), ...posts })).toContain("posts posts_{user_id} ?");
  });

  test("do not hang it there where the types differ", () => {
    const users = tableOf(["id"]);
    const id = { type: "uuid", kind: "partition_key", position: 0, order: "none" } as const;
    const other = { ...users, columns: new Map([["id", id]]) };
    expect(keysOf({ users: other, posts: tableOf(["user_id"], ["n"]) })).toContain("posts posts_{user_id} ?");
  });

  test("have names that a module can have, each once", () => {
    expect(keysOf({ class: tableOf(["id"]), news: tableOf(["id"], ["n"]), keys: tableOf(["id"], ["n"]) })).toEqual([
      "classRow class_{id}",
      "keysRow keys_{id}_{n}",
      "keysRows keys_{id} ?",
      "newsRow news_{id}_{n}",
      "news news_{id} ?",
    ]);
    expect(keysOf({ a_b: tableOf(["id"]), a__b: tableOf(["id"]) })).toEqual(["aBRow a--b_{id}", "aBRow2 a-b_{id}"]);
  });

  test.each([
    ["users", "user"],
    ["categories", "category"],
    ["addresses", "address"],
    ["boxes", "box"],
    ["houses", "house"],
    ["status", "status"],
    ["press", "press"],
    ["data", "data"],
  ])("call one of %s a %s", (plural, singular) => {
    expect(singularOf(plural)).toBe(singular);
  });
});

describe("what is said of a table", () => {
  test("is that every increment of a counter evicts", () => {
    expect(notesOf(tableOf(["id"], [], { n: "counter" }))).toMatch(/^Counters: every increment evicts the row\./);
  });

  test("is that its rows expire without a word", () => {
    expect(notesOf(tableOf(["id"], [], { n: "int" }, 60))).toMatch(/^Rows expire after 60 s \(default_time_to_live\)/);
  });

  test("is that it, or some of its rows, cannot be cached while cells may expire", () => {
    expect(notesOf(tableOf(["id"]))).toMatch(/^With ttl: "may" nothing of it is cached/);
    expect(notesOf(tableOf(["id"], [], { tags: "set<text>" }))).toMatch(/^With ttl: "may" nothing of it is cached/);
    expect(notesOf(tableOf(["id"], [], { n: "int", tags: "set<text>" }))).toMatch(
      /^With ttl: "may" a row with tags is not/,
    );
    expect(notesOf(tableOf(["id"], [], { n: "int", tags: "frozen<set<text>>" }))).toBe("");
  });

  test("is in the module, above its declaration; what is left out, below all, with what to do instead", () => {
    const live = {
      ...keyspace({ likes: tableOf(["id"], [], { n: "counter" }), odd: tableOf(["id"], ["No"]) }),
      views: [{ name: "v", of: "likes" }],
      indexes: [{ name: "i", table: "likes", target: "n" }],
    };
    const code = tablesModule(planModules(live));
    const at = (words: string): number => code.indexOf(words);
    expect(at("// Counters: every")).toBeGreaterThan(0);
    expect(at("export const likes")).toBeGreaterThan(at("// Counters: every"));
    expect(at("// Left out: table odd: its key column No: nearkey cannot declare")).toBeGreaterThan(
      at("export const likes"),
    );
    const lines = code.replaceAll("\n// ", " ");
    expect(lines).toMatch(/ Left out: materialized view v: .* some time after likes, .*view key with a ttlMs/);
    expect(lines).toMatch(/ Left out: index i on likes\(n\): .*write a lookup table\./);
  });
});

describe("writing the modules", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nearkey-init-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const modules = [
    { file: "tables.ts", text: "tables" },
    { file: "keys.ts", text: "keys" },
  ];

  test("makes the folder, and all the files", async () => {
    const inner = join(folder, "src/cache");
    expect(await writeModules(inner, modules)).toEqual([join(inner, "tables.ts"), join(inner, "keys.ts")]);
    expect(modules.map(({ file }) => readFileSync(join(inner, file), "utf8"))).toEqual(["tables", "keys"]);
  });

  test.each(modules)("writes nothing where there is a $file, names it, and leaves it as it was", async ({ file }) => {
    writeFileSync(join(folder, file), "mine");
    const written = writeModules(folder, modules);
    await expect(written).rejects.toThrow(FileExistsError);
    await expect(written).rejects.toThrow(join(folder, file));
    expect(readdirSync(folder)).toEqual([file]);
    expect(readFileSync(join(folder, file), "utf8")).toBe("mine");
  });

  test("takes back the first where the second cannot be written", async () => {
    const impossible = [...modules.slice(0, 1), { file: "no/such/keys.ts", text: "" }];
    await expect(writeModules(folder, impossible)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});
