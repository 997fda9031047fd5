import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

const TEST = join(import.meta.dirname, "../..");
const OURS = ["judge", "town", "clients"].map((folder) => join(TEST, "chaos", folder));

/** Every module that these load, and those load, with what they are; types are none. */
function reachedFrom(files: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    if (file.startsWith("/")) waiting.push(...importsOf(file));
  }
  return reached;
}

function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, "utf8").replaceAll(/^(import|export) type [^;]*;/gm, "");
  const names = [...source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name]) => name ?? "");
  return names.map((name) => (name.startsWith(".") ? join(dirname(file), name) : name));
}

it("the judge, and the clients it hears, share no code with what they judge, nor does anything that they use", () => {
  const own = OURS.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const reached = [...reachedFrom(own.filter((name) => !name.endsWith(".test.ts")))];
  expect(reached).toContain(join(TEST, "sim/chance.ts"));
  const packages = reached.filter((name) => !name.startsWith("/") && !name.startsWith("node:"));
  expect(packages).toEqual(["cassandra-driver"]);
  const elsewhere = reached.filter((name) => name.startsWith("/") && !OURS.includes(dirname(name)));
  expect(elsewhere.map((name) => relative(TEST, name))).toEqual(["sim/chance.ts"]);
});
