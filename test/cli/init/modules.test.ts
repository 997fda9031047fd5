import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schemaDrift } from "../../../src/adapters/cassandra/schema-drift.ts";
import { undeclaredColumns } from "../../../src/cli/check/undeclared.ts";
import { keysModule } from "../../../src/cli/init/keys-module.ts";
import { type Plan, planModules } from "../../../src/cli/init/plan.ts";
import { tablesModule } from "../../../src/cli/init/tables-module.ts";
import * as language from "../../../src/index.ts";
import { type Catalog, catalogOf, isKeySet } from "../../../src/index.ts";
import { Application } from "./application.ts";
import { liveKeyspace, reversed } from "./live-arbitraries.ts";

type Exports = Readonly<Record<string, unknown>>;

/** Runs a module that was written: it has no types, so that without its imports and exports it is JavaScript. */
function run(code: string, scope: Exports): Exports {
  const imports = /^import (?:\{([^}]*)\}|\* as \w+) from .*;$/gm;
  const names = [...code.matchAll(/^export const (\w+)/gm)].map((match) => match[1] ?? "");
  const body = `"use strict";\n${code.replace(imports, "").replace(/^export /gm, "")}\nreturn { ${names.join(", ")} };`;
  const imported = [...code.matchAll(imports)].flatMap((match) =>
    (match[1] ?? "tables").split(",").map((n) => n.trim()),
  );
  const wanted = imported.filter((name) => name !== "");
  const made: unknown = new Function(...wanted, body)(...wanted.map((name) => scope[name]));
  return { ...Object(made) };
}

function catalogFrom(plan: Plan): Catalog {
  const tables = run(tablesModule(plan), { ...language });
  const { keys } = run(keysModule(plan), { ...language, tables });
  if (!isKeySet(keys)) throw new Error("no key set");
  return catalogOf(keys);
}

describe("whatever the keyspace, what init writes", () => {
  test("can be declared: no two keys could ever give the same text", () => {
    fc.assert(
      fc.property(liveKeyspace, (live) => {
        const plan = planModules(live);
        const catalog = catalogFrom(plan);
        expect(catalog.keys.map(({ name, key }) => [name, key.template.source])).toEqual(
          plan.keys.map(({ name, template }) => [name, template]),
        );
        expect([...catalog.tables.keys()]).toEqual(plan.tables.map(({ table }) => table.name));
      }),
      { numRuns: 500 },
    );
  });

  test("is what the schema says: check finds no difference and nothing undeclared", () => {
    fc.assert(
      fc.property(liveKeyspace, (live) => {
        const tables = [...catalogFrom(planModules(live)).tables.values()];
        expect(schemaDrift("shop", tables, live)).toEqual([]);
        expect(undeclaredColumns(tables, live)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("names every table, column and type of the keyspace, declared or left out with a reason", () => {
    fc.assert(
      fc.property(liveKeyspace, (live) => {
        const { leftOut, tables, types } = planModules(live);
        const without = new Map(leftOut.map(({ what, name, why }) => [`${what} ${name}`, why]));
        const declared = new Map(tables.map(({ columns, table }) => [table.name, columns.map(({ name }) => name)]));
        const missing = [...live.tables].flatMap(([table, { columns }]) => {
          const known = declared.get(table);
          if (known === undefined) return without.has(`table ${table}`) ? [] : [table];
          return [...columns.keys()].filter(
            (column) => !known.includes(column) && !without.has(`column ${table}.${column}`),
          );
        });
        const lost = [...live.types.keys()].filter(
          (name) => !types.some((t) => t.name === name) && !without.has(`type ${name}`),
        );
        expect([...missing, ...lost]).toEqual([]);
        expect([...without.values()].filter((why) => why.trim() === "")).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("is the same in whatever order the server tells it", () => {
    fc.assert(
      fc.property(liveKeyspace, (live) => {
        const [plan, other] = [planModules(live), planModules(reversed(live))];
        expect([tablesModule(other), keysModule(other)]).toEqual([tablesModule(plan), keysModule(plan)]);
      }),
    );
  });
});

describe("in an application, what init writes", () => {
  const SLOW = 60_000;
  const application = new Application();
  const files: string[] = [];
  beforeAll(() => {
    for (const [i, live] of fc.sample(liveKeyspace, { numRuns: 40, seed: 20261125 }).entries()) {
      const plan = planModules(live);
      const modules = { [`k${i}/tables.ts`]: tablesModule(plan), [`k${i}/keys.ts`]: keysModule(plan) };
      for (const [file, text] of Object.entries(modules)) application.write(file, text);
      files.push(...Object.keys(modules));
    }
  });
  afterAll(() => application.remove());

  test("has no type error under strict", { timeout: SLOW }, async () => {
    expect(await application.typeErrors()).toBe("");
  });

  test("is formatted, and its imports in order, as this repository's own code is", { timeout: SLOW }, async () => {
    expect(await application.formatted(files)).toMatch(/^Checked 80 files in .*\. No fixes applied\.\n$/);
  });
});
