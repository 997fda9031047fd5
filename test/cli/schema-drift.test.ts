import { describe, expect, test } from "vitest";
import { type LiveSchema, liveSchema } from "../../src/adapters/cassandra/live-schema.ts";
import { schemaDrift } from "../../src/adapters/cassandra/schema-drift.ts";
import { undeclaredColumns } from "../../src/cli/check/undeclared.ts";
import { frozen, int, type Table, table, text, udt } from "../../src/index.ts";

const country = udt("country", { code: text });
const address = udt("address", { street: text, land: frozen(country) });
const users = table("users", { id: int, name: text, home: frozen(address) }, { partition: ["id"], ttl: "never" });

const column = (table_name: string, column_name: string, type: string, kind = "regular", position = -1) => ({
  ...{ table_name, column_name, type, kind, position },
  clustering_order: kind === "clustering" ? "asc" : "none",
});
const type = (type_name: string, ...fields: readonly string[]) => ({
  type_name,
  field_names: fields.map((field) => field.split(" ")[0]),
  field_types: fields.map((field) => field.split(" ")[1]),
});
const key = column("users", "id", "int", "partition_key", 0);
const name = column("users", "name", "text");
const home = column("users", "home", "frozen<address>");
const types = [type("country", "code text"), type("address", "street text", "land frozen<country>")];

const live = (columns: readonly object[], udts: readonly object[] = types, ttl = 0): LiveSchema =>
  liveSchema([{ table_name: "users", default_time_to_live: ttl }], columns.map(rowOf), udts.map(rowOf));
const rowOf = (of: object): Readonly<Record<string, unknown>> => ({ ...of });

const remediesOf = (declared: Table, schema: LiveSchema) =>
  schemaDrift("shop", [declared], schema).map(({ database, declaration }) => [declaration, database]);

describe("what would undo a difference", () => {
  test("is nothing where there is none", () => {
    expect(remediesOf(users, live([key, name, home]))).toEqual([]);
  });

  test("creates a missing table after the types it holds, and each of those after what it holds", () => {
    expect(remediesOf(users, liveSchema([], [], []))).toEqual([
      [
        "remove table users and the keys that read it",
        [
          'CREATE TYPE IF NOT EXISTS "shop"."country" ("code" text)',
          'CREATE TYPE IF NOT EXISTS "shop"."address" ("street" text, "land" frozen<country>)',
          'CREATE TABLE "shop"."users" ("id" int, "name" text, "home" frozen<address>, PRIMARY KEY (("id")))',
        ].join("; "),
      ],
    ]);
  });

  test("creates an inner type first also where another column holds it alone", () => {
    const both = table("users", { id: int, land: frozen(country), home: frozen(address) }, { partition: ["id"] });
    const [[, database = ""] = []] = remediesOf(both, liveSchema([], [], []));
    expect(database.indexOf('"country"')).toBeLessThan(database.indexOf('"address"'));
  });

  test("adds a missing column, and with it the types that are missing only", () => {
    const some = [type("country", "code text")];
    expect(remediesOf(users, live([key, name], some))).toEqual([
      [
        "remove column home",
        'CREATE TYPE IF NOT EXISTS "shop"."address" ("street" text, "land" frozen<country>); ALTER TABLE "shop"."users" ADD "home" frozen<address>',
      ],
    ]);
  });

  test("adds the fields that a type lacks at its end; other fields no statement changes", () => {
    const shorter = [type("country", "code text"), type("address", "street text")];
    expect(remediesOf(users, live([key, name, home], shorter))).toEqual([
      ["change the type: address(street text)", 'ALTER TYPE "shop"."address" ADD "land" frozen<country>'],
    ]);
    const other = [type("country", "code int"), type("address", "street text", "land frozen<country>")];
    expect(remediesOf(users, live([key, name, home], other))).toEqual([
      ["change the type: country(code int)", undefined],
    ]);
  });

  test("takes a default TTL away where none may be", () => {
    expect(remediesOf(users, live([key, name, home], types, 60))).toEqual([
      ['say ttl: "may"', 'ALTER TABLE "shop"."users" WITH default_time_to_live = 0'],
    ]);
  });

  test("is on the side of the declaration only, where a type or the key differs", () => {
    const clustered = column("users", "at", "int", "clustering", 0);
    expect(remediesOf(users, live([key, clustered, column("users", "name", "int"), home]))).toEqual([
      ["change column name: int", undefined],
      ["add column at: int, clustering 1 asc", undefined],
    ]);
    expect(remediesOf(users, live([column("users", "no", "int", "partition_key", 0), name, home]))).toEqual([
      ["remove column id", undefined],
      ["add column no: int, partition 1", undefined],
    ]);
  });
});

test("a column that could be declared is told with its code; one that cannot be, or is part of the key, is not", () => {
  const small = table("users", { id: int }, { partition: ["id"] });
  const schema = live([
    key,
    column("users", "at", "int", "clustering", 0),
    column("users", "tags", "frozen<list<text>>"),
    column("users", "label", "text", "static"),
    column("users", "userName", "text"),
    column("users", "blob_of", "'org.example.Custom'"),
  ]);
  expect(undeclaredColumns([small], schema).map(({ declaration, live }) => [live, declaration])).toEqual([
    ["text, static", "add column label: text, and name it in static"],
    ["frozen<list<text>>", "add column tags: frozen(list(text))"],
  ]);
});
