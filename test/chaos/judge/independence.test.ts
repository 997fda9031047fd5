import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const CHAOS = join(import.meta.dirname, "..");

it("the judge, and the clients it hears, share no code with what they judge", () => {
  const imports = ["judge", "town", "clients"].flatMap((folder) =>
    readdirSync(join(CHAOS, folder))
      .filter((name) => !name.endsWith(".test.ts"))
      .flatMap((name) => readFileSync(join(CHAOS, folder, name), "utf8").match(/from "[^"]+"/g) ?? []),
  );
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter((line) => /\/src\/|"nearkey|keyspec|schema/.test(line))).toEqual([]);
});
