import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InstalledPackage } from "./installed-package.ts";
import { isPromised, readmePrograms } from "./readme-programs.ts";

const README = join(import.meta.dirname, "../../README.md");
const programs = existsSync(README) ? readmePrograms(readFileSync(README, "utf8")) : [];

const SLOW = 120_000; // it builds, packs and installs; on a machine that does other things too

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await InstalledPackage.install();
  for (const { file, text } of programs) installed.write(file, text);
}, SLOW);
afterAll(() => installed?.remove());

/** The same with `import` and with `require`: what is left when the modules were loaded. */
const USE = `
const users = language.table("users", { id: language.int, name: language.text }, { partition: ["id"] });
const keys = language.defineKeys({ user: language.key("users_{id}").row(users) });
const stack = testing.createEmbedded({ keys });
const { cache } = stack.frontends[0];
cache.whenReady(5000)
  .then(() => stack.writer.write(language.insert(users, { id: 42, name: "Ada" })))
  .then(() => cache.get(keys.user, { id: 42 }))
  .then((row) => console.log(row.name, typeof backend.createWriter, typeof frontend.createNearCache))
  .finally(() => stack.close());`;

test("an ES module imports it", { timeout: SLOW }, async () => {
  const names = {
    language: "nearkey",
    testing: "nearkey/testing",
    backend: "nearkey/backend",
    frontend: "nearkey/frontend",
  };
  const imports = Object.entries(names).map(([name, from]) => `import * as ${name} from "${from}";`);
  installed.write("esm.mjs", imports.join("\n") + USE);
  expect(await installed.node("esm.mjs")).toEqual({ code: 0, stdout: "Ada function function\n", stderr: "" });
});

test("a CommonJS module requires it", { timeout: SLOW }, async () => {
  const names = {
    language: "nearkey",
    testing: "nearkey/testing",
    backend: "nearkey/backend",
    frontend: "nearkey/frontend",
  };
  const requires = Object.entries(names).map(([name, from]) => `const ${name} = require("${from}");`);
  installed.write("common.cjs", requires.join("\n") + USE);
  expect(await installed.node("common.cjs")).toEqual({ code: 0, stdout: "Ada function function\n", stderr: "" });
});

const OWN_KEYS = `
import { defineKeys, int, key, type Row, table, text } from "nearkey";
export const people = table("people", { id: int, name: text }, { partition: ["id"] });
export const person = key("people_{id}").row(people);
export const keys = defineKeys({ person });
export const named = (row: Row<typeof people>): string => row.name ?? "?";
`;
const OWN_USE = `
import type { Router } from "express";
import { createWriter, type Writer } from "nearkey/backend";
import { createNearCache, frontendRouter, type NearCache } from "nearkey/frontend";
import { createEmbedded } from "nearkey/testing";
import { keys, person } from "./own-keys.ts";
const { store, writerLog: log } = createEmbedded({ keys });
export const writer: Writer = createWriter({ keys, store, log });
export const cache: NearCache = createNearCache({ keys, store, log, maxBytes: 1e6 });
export const router: Router = frontendRouter({ cache, keys });
export const name: Promise<string | null | undefined> = cache.get(person, { id: 1 }).then((row) => row?.name);
// @ts-expect-error the id is a number
export const wrong = cache.get(person, { id: "1" });
`;

describe("the command", () => {
  test("is there, and says what it can do", { timeout: SLOW }, async () => {
    const { code, stdout } = await installed.npx("nearkey", "--help");
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: nearkey");
  });

  test("reads a key module of the consumer", { timeout: SLOW }, async () => {
    installed.write("own-keys.ts", OWN_KEYS);
    const { code, stdout } = await installed.npx("nearkey", "keys", "./own-keys.ts");
    expect(code).toBe(0);
    expect(stdout).toContain("people_{id}");
  });
});

test("a consumer's code, and the README's, has the types it should", { timeout: SLOW }, async () => {
  installed.write("own-keys.ts", OWN_KEYS);
  installed.write("own-use.ts", OWN_USE);
  expect(await installed.typeErrors()).toBe("");
});

describe.skipIf(!existsSync(README))("the README's programs", () => {
  test("are there", () => {
    expect(programs.length).toBeGreaterThan(0);
  });

  test.each(programs.filter(({ runs }) => runs))("$file does what it says", { timeout: SLOW }, async (program) => {
    const { code, stdout, stderr } = await installed.node("--import", "tsx", program.file);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const lines = stdout.split("\n").slice(0, -1);
    const broken = lines.filter((line, i) => !isPromised(line, program.prints[i] ?? ""));
    expect({ broken, printed: lines.length }).toEqual({ broken: [], printed: program.prints.length });
  });
});
