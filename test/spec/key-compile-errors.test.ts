import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

const MISTAKES: readonly { readonly code: string; readonly says: string }[] = [
  {
    code: `key("users_{id}_friends").rows(friendships, { user_id: "id", since: "id" });`,
    says: "since is not a key column: bind a key column, or read through a lookup table",
  },
  {
    code: `key("users_{id}_x").staleWhen(friendships, { since: "id" });`,
    says: "since is not a key column: bind a key column, or read through a lookup table",
  },
  {
    code: `key("users_{id}_friends").rows(friendships, { user_id: "uid" });`,
    says: `'"uid"' is not assignable to type '"id"'`,
  },
  {
    code: `key("users_{id}_friends_{x}").rows(friendships, { user_id: "id" });`,
    says: "nothing fills {x}: bind a key column to it",
  },
  { code: `key("rooms_{id}").rows(friendships, { friend_id: "id" });`, says: "Property 'user_id' is missing" },
  {
    code: `key("users_{uid}").row(users);`,
    says: "the template lacks {id}: name every primary-key column, or give a binding",
  },
  {
    code: `key("users_{id}_{x}").row(users);`,
    says: "nothing fills {x}: name only primary-key columns, or give a binding",
  },
  {
    code: `key("users_{id}_x", { ttlMs: 1 }).view({ id: int, uid: int }, async () => 1);`,
    says: "the template does not name {uid}: add it or leave it out",
  },
  { code: `key("users_{id}_x", { ttlMs: 1 }).view({}, async () => 1);`, says: "nothing fills {id}: give its type" },
  {
    code: `key("users_{id}_x").view({ id: int }, async () => 1);`,
    says: "say staleWhen(table, binding) before view, or give the key a ttlMs",
  },
  { code: `increment(users, { id: 1 }, { name: "x" });`, says: "this table has no counters: use update" },
];

test("what does not compile says what to do instead", { timeout: 60_000 }, async () => {
  const errors = await compile(MISTAKES.map(({ code }) => code));
  for (const [i, { code, says }] of MISTAKES.entries()) {
    expect(errors.get(i), code).toContain(says);
  }
});

const PRELUDE = `import { increment, int, key, table, text, timestamp } from "${ROOT}/src/index.ts";
const users = table("users", { id: int, name: text }, { partition: ["id"] });
const friendships = table("friendships", { user_id: int, friend_id: int, since: timestamp }, { partition: ["user_id"], clustering: { friend_id: "asc" } });
`;

/** The compiler's words for each of these lines. */
async function compile(lines: readonly string[]): Promise<ReadonlyMap<number, string>> {
  const folder = await mkdtemp(join(tmpdir(), "nearkey-compile-"));
  try {
    await writeFile(join(folder, "mistakes.ts"), `${PRELUDE}${lines.join("\n")}\n`);
    const options = { types: [], skipLibCheck: true };
    const config = { extends: join(ROOT, "tsconfig.json"), compilerOptions: options, include: ["mistakes.ts"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    return errorsByLine(await tsc(folder), PRELUDE.split("\n").length);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function tsc(folder: string): Promise<string> {
  const bin = join(ROOT, "node_modules/typescript/bin/tsc");
  return new Promise((done) => {
    execFile(process.execPath, [bin, "-p", folder, "--pretty", "false"], (_failed, stdout) => done(stdout));
  });
}

/** An error begins at the margin; what explains it is indented under it. */
function errorsByLine(output: string, firstLine: number): ReadonlyMap<number, string> {
  const errors = new Map<number, string>();
  let at = -1;
  for (const line of output.split("\n")) {
    const begins = /mistakes\.ts\((\d+),/.exec(line);
    if (begins) at = Number(begins[1]) - firstLine;
    errors.set(at, `${errors.get(at) ?? ""}${line}\n`);
  }
  return errors;
}
