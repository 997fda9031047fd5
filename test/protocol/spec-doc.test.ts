import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { KNOWN_LIMITS } from "../model/known-limits.ts";
import { MODEL_MUTANTS, SCHEDULE_MUTANTS } from "../model/mutants.ts";

const ROOT = new URL("../../", import.meta.url);
const SPEC = readFileSync(new URL("src/protocol/SPEC.md", ROOT), "utf8");
const INVARIANT = /\b[IL]\d+r?\b/g;

/** The text of one chapter. */
function chapter(title: string): string {
  const [, rest = ""] = SPEC.split(`\n## ${title}\n`);
  return rest.split("\n## ")[0] ?? "";
}

interface Stated {
  readonly name: string;
  readonly tests: readonly string[];
  readonly mutants: readonly string[];
}

const APPENDIX = "Appendix: what holds each invariant up";
const listAfter = (word: string, text: string): string => text.split(`\n- ${word}: `)[1]?.split(".\n")[0] ?? "";

const invariants = [...chapter("Invariants").matchAll(/^- \*\*(.+?)\*\* /gm)].map(([, name]) => name);
const stated: readonly Stated[] = chapter(APPENDIX)
  .split("\n### ")
  .slice(1)
  .map((text) => ({
    name: text.split("\n")[0] ?? "",
    tests: [...listAfter("Tests", `${text}\n`).matchAll(/`([^`]+)`/g)].flatMap(([, path]) => path ?? []),
    mutants: listAfter("Mutants", `${text}\n`)
      .replaceAll(/\n\s+/g, " ")
      .split("; ")
      .filter((name) => name !== ""),
  }));

/** Lines of tests that name an invariant: titles, and what mutants break. */
const namedIn = (path: string): readonly string[] =>
  readFileSync(new URL(path, ROOT), "utf8")
    .split("\n")
    .filter((line) => /\b(describe|it)(\.each\(.*\))?\(|breaks:|: "[IL]\d/.test(line))
    .flatMap((line) => line.match(INVARIANT) ?? []);

const testFiles = ["test/protocol", "test/model", "test/model/mutants", "test/model/schedules", "test/sim"].flatMap(
  (folder) =>
    existsSync(new URL(folder, ROOT))
      ? readdirSync(new URL(folder, ROOT)).flatMap((file) => (file.endsWith(".ts") ? [`${folder}/${file}`] : []))
      : [],
);

describe("SPEC.md", () => {
  it("states the invariants, and what holds up each of them", () => {
    expect(invariants).toEqual(["I1", "I1r", "I2", "I3", "I4", "I5", "I6", "L1", "L2"]);
    expect(stated.map(({ name }) => name)).toEqual(invariants);
  });

  it.each(stated)("$name names tests that exist, and that say they enforce it", ({ name, tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const test of tests) expect(namedIn(test), test).toContain(name);
  });

  it.each(stated)("$name lists the mutants that break it, all of them", ({ name, mutants }) => {
    const breaking = [...MODEL_MUTANTS, ...SCHEDULE_MUTANTS].filter(({ breaks }) => breaks === name);
    expect([...mutants].sort()).toEqual(breaking.map((mutant) => mutant.name).sort());
  });

  it("knows every invariant that a test names", () => {
    const named = new Set(testFiles.flatMap(namedIn));
    expect([...named].filter((name) => !stated.some((of) => of.name === name))).toEqual([]);
  });

  it("words the promise as the README does", () => {
    const quoted = (text: string) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("> "))
        .map((line) => line.slice(2))
        .join(" ");
    const [promise = ""] = chapter("The promise").split("\n>\n");
    expect(quoted(promise)).toMatch(/^A response marked coherent reflects every write/);
    expect(quoted(readFileSync(new URL("README.md", ROOT), "utf8"))).toContain(quoted(promise));
  });

  it("has twelve rules, each naming the files it lives in", () => {
    const rules = [...chapter("The twelve rules").matchAll(/^\| (\d+) \|.*\| (.+) \|$/gm)];
    expect(rules.map(([, n]) => Number(n))).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    for (const [, n, files = ""] of rules) {
      const named = [...files.matchAll(/`([^`]+)`/g)].flatMap(([, file]) => file ?? []);
      expect(named.length, `rule ${n}`).toBeGreaterThan(0);
      for (const file of named) expect(existsSync(new URL(`src/protocol/${file}`, ROOT)), file).toBe(true);
    }
  });

  it("says every limit that the checker finds", () => {
    for (const { name } of KNOWN_LIMITS) expect(chapter("Known limits").replaceAll(/\n\s+/g, " ")).toContain(name);
  });
});
