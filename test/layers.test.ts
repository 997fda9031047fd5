import { readdirSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { describe, expect, test } from "vitest";

// The rules of DESIGN.md, "The tree": imports go one way, spec -> protocol -> ports -> engine | adapters -> http -> cli.

/** A source file as the rules see it. `imports` are as written: `../spec/key.ts`, `node:fs`, `nats`. */
interface SourceFile {
  readonly file: string;
  readonly imports: readonly string[];
  readonly text: string;
}

/** What a layer may import besides itself. `adapters` is one layer to others, but its folders are apart from each other. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  spec: [],
  protocol: ["spec"],
  ports: ["spec", "protocol"],
  engine: ["spec", "protocol", "ports"],
  adapters: ["spec", "protocol", "ports"],
  http: ["spec", "protocol", "ports", "engine", "adapters"],
  "drop-in": ["spec", "protocol", "ports", "engine", "adapters"],
  testing: ["spec", "protocol", "ports", "engine", "adapters", "http"],
  entry: ["spec", "protocol", "ports", "engine", "adapters", "http", "drop-in", "language"],
  cli: ["spec", "protocol", "ports", "engine", "adapters", "http", "testing", "entry", "language", "schema", "keyspec"],
  language: ["spec"],
  schema: ["language"],
  keyspec: ["language", "schema"],
};

/** Where the packages that talk to the outside may be imported. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  "cassandra-driver": /^src\/(adapters\/cassandra|drop-in|cli)\//,
  nats: /^src\/(adapters\/nats|drop-in|cli)\//,
  express: /^src\/(http|cli)\/|^src\/[^/]+\.ts$/,
  commander: /^src\/cli\//,
  pino: /^src\/(cli|adapters\/system)\//,
};

const PURE = ["spec", "protocol"];
/** What a pure layer may import from outside. */
const PURE_PACKAGES = ["zod"];
/** Views are declared as functions that return promises: `spec` writes the type there, and holds none. */
const SPELLS_PROMISE = ["src/spec/key.ts", "src/spec/key-builder.ts"];

const IMPURE: Readonly<Record<string, RegExp>> = {
  "reads a clock": /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\b|\bhrtime\b/,
  "draws at random": /\bMath\.random\b|\bcrypto\.\w|\brandomUUID\b/,
  "waits or defers": /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
  "is asynchronous": /\basync\b|\bawait\b|\bnew Promise\b|\bPromise\.\w/,
  "knows its process": /\bprocess\.\w|\bglobalThis\b|\bconsole\.\w/,
};

const MAX_LINES = 300;

/** Every rule that these files break, in words. */
function violations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => [...badImports(file), ...impurities(file), ...tooLong(file)]);
}

function badImports({ file, imports }: SourceFile): readonly string[] {
  return imports.flatMap((specifier) => {
    const allowed = specifier.startsWith(".")
      ? mayImport(file, posix.join(posix.dirname(file), specifier))
      : mayUse(file, specifier);
    return allowed ? [] : [`${file} imports ${specifier}`];
  });
}

function mayImport(from: string, to: string): boolean {
  const [own, other] = [layerOf(from), layerOf(to)];
  if (own === undefined || other === undefined) return false;
  if (own === "adapters" && other === "adapters") return adapterOf(from) === adapterOf(to);
  return own === other || (MAY_IMPORT[own]?.includes(other) ?? false);
}

function mayUse(from: string, specifier: string): boolean {
  const layer = layerOf(from) ?? "";
  if (PURE.includes(layer)) return PURE_PACKAGES.includes(specifier);
  return PACKAGES[specifier]?.test(from) ?? true;
}

/** `src/index.ts` is the language; the other files of `src` itself are entries of the package. */
function layerOf(file: string): string | undefined {
  if (file === "src/index.ts") return "language";
  const [top, next] = file.split("/");
  if (top !== "src") return top !== undefined && top in MAY_IMPORT ? top : undefined;
  if (next?.endsWith(".ts")) return "entry";
  return next !== undefined && next in MAY_IMPORT ? next : undefined;
}

const adapterOf = (file: string): string | undefined => file.split("/")[2];

function impurities({ file, text }: SourceFile): readonly string[] {
  if (!PURE.includes(layerOf(file) ?? "")) return [];
  const code = withoutComments(text);
  const found = Object.entries(IMPURE).filter(([, pattern]) => pattern.test(code));
  const promises = /\bPromise\b/.test(code) && !SPELLS_PROMISE.includes(file) ? ["holds a promise"] : [];
  return [...found.map(([what]) => what), ...promises].map((what) => `${file} ${what}`);
}

function tooLong({ file, text }: SourceFile): readonly string[] {
  const lines = text.trimEnd().split("\n").length;
  return file.startsWith("src/") && lines > MAX_LINES ? [`${file} has ${lines} lines`] : [];
}

/** Examples in comments may do anything. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** Static imports, exports from, and imports by call. */
function importsOf(text: string): readonly string[] {
  const code = withoutComments(text);
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

function readSources(...folders: readonly string[]): readonly SourceFile[] {
  const root = resolve(import.meta.dirname, "..");
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => {
        const file = posix.join(folder, ...path.split(/[\\/]/));
        const text = readFileSync(join(root, file), "utf8");
        return { file, text, imports: importsOf(text) };
      }),
  );
}

describe("the source tree", () => {
  const files = readSources("src", "schema", "keyspec");

  test("imports one way, keeps its core pure and its files short", () => {
    expect(violations(files)).toEqual([]);
  });

  test("is read at all: every layer has files, and they import", () => {
    const layers = new Set(files.map(({ file }) => layerOf(file)));
    expect([...layers]).toEqual(expect.arrayContaining(Object.keys(MAY_IMPORT)));
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(files.length);
  });
});

describe("a planted fault is found:", () => {
  const file = (name: string, text: string): SourceFile => ({ file: name, text, imports: importsOf(text) });

  test.each([
    ["an arrow the other way", "src/spec/key.ts", 'import { step } from "../protocol/step.ts";'],
    ["the engine over an adapter", "src/engine/writer.ts", 'import { connect } from "../adapters/nats/connect.ts";'],
    ["an adapter over the engine", "src/adapters/nats/log.ts", 'import type { Writer } from "../../engine/writer.ts";'],
    ["one adapter over another", "src/adapters/nats/log.ts", 'export { codec } from "../cassandra/codec.ts";'],
    ["the core over the example", "src/http/router.ts", 'import keys from "../../keyspec/index.ts";'],
    ["the example past the language", "keyspec/social.ts", 'import { key } from "../src/spec/declare-key.ts";'],
    ["tables over keys", "schema/social.ts", 'import { user } from "../keyspec/social.ts";'],
    ["the language over the engine", "src/index.ts", 'export { createWriter } from "./engine/writer.ts";'],
    ["testing over the command line", "src/testing/stack.ts", 'const cli = await import("../cli/main.ts");'],
    ["a layer that nobody declared", "src/engine/writer.ts", 'import "../misc/helpers.ts";'],
    ["Node in the core", "src/protocol/step.ts", 'import { createHash } from "node:crypto";'],
    ["a driver in the core", "src/spec/codec.ts", 'import { types } from "cassandra-driver";'],
    ["a driver in the engine", "src/engine/load.ts", 'import { Client } from "cassandra-driver";'],
    ["the wrong driver in an adapter", "src/adapters/cassandra/store.ts", 'import { connect } from "nats";'],
  ])("%s", (_what, name, text) => {
    const [specifier] = importsOf(text);
    expect(violations([file(name, text)])).toEqual([`${name} imports ${specifier}`]);
  });

  test.each([
    ["reads a clock", "const at = Date.now();"],
    ["reads a clock", "const at = new Date();"],
    ["draws at random", "const n = Math.random();"],
    ["waits or defers", "setTimeout(tick, 5);"],
    ["is asynchronous", "export async function f() {}"],
    ["knows its process", "if (process.env.DEBUG) f();"],
    ["holds a promise", "type Loaded = Promise<number>;"],
  ])("core code that %s", (what, text) => {
    for (const layer of PURE)
      expect(violations([file(`src/${layer}/x.ts`, text)])).toEqual([`src/${layer}/x.ts ${what}`]);
    expect(violations([file("src/engine/x.ts", text)])).toEqual([]);
  });

  test("a file that is too long", () => {
    expect(violations([file("src/engine/x.ts", "a;\n".repeat(301))])).toEqual(["src/engine/x.ts has 301 lines"]);
    expect(violations([file("src/engine/x.ts", "a;\n".repeat(300))])).toEqual([]);
  });

  test("but not what is allowed, nor what a comment says", () => {
    const text =
      '/** @example await read(Date.now()) */\n// setTimeout\nimport { z } from "zod";\nexport const d = new Date(0);';
    expect(violations([file("src/spec/x.ts", text)])).toEqual([]);
    expect(
      violations([file("src/adapters/nats/x.ts", 'import "./y.ts"; import "nats"; import "../../ports/log.ts";')]),
    ).toEqual([]);
  });
});
