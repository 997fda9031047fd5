import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keys } from "../../keyspec/index.ts";
import { answerText } from "../../src/cli/keys.ts";
import { loadKeyModule } from "../../src/cli/load-key-module.ts";
import { catalogOf, defineKeys, int, key, NearkeyError, table, text } from "../../src/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const catalog = catalogOf(keys);
const linesOf = (...options: Parameters<typeof answerText>): readonly string[] => answerText(...options).split("\n");
const mutation = (described: string): readonly string[] => linesOf(catalog, { mutation: described });

describe("nearkey keys", () => {
  test("prints each key on one line: name, template, path, kind, what makes it stale", () => {
    const lines = linesOf(catalog, {});
    expect(lines[0]).toMatch(/^NAME +KEY +HTTP PATH +WHAT +STALE WHEN$/);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^friends +users_\{id\}_friends +\/users\/:id\/friends +rows +friendships\.user_id ← \{id\}$/,
      ),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^firstFriends .* first 50 rows /));
    expect(lines).toContainEqual(expect.stringMatching(/^userByEmail .* \/emails\/:email /));
    expect(lines).toContainEqual(expect.stringMatching(/^friendNames .* view +what it reads, or after 60 s$/));
    expect(lines.at(-1)).toBe(`12 keys of 6 tables, fingerprint ${catalog.fingerprint}`);
  });

  test("aligns its columns", () => {
    const lines = linesOf(catalog, {}).slice(0, 13);
    const at = lines[0]?.indexOf("HTTP PATH") ?? -1;
    expect(lines.slice(1).map((line) => [line[at - 1], line[at]])).toEqual(lines.slice(1).map(() => [" ", "/"]));
  });

  test("says where a view is bound to less than the key, and to what that amounts", () => {
    const settings = table("settings", { id: int, name: text }, { partition: ["id"], clustering: { name: "asc" } });
    const byName = key("a_{name}_{q}")
      .staleWhen(settings, { name: "name" })
      .view({ name: text, q: int }, async () => 1);
    const byId = key("b_{id}_{q}")
      .staleWhen(settings, { id: "id" })
      .view({ id: int, q: int }, async () => 1);
    const byNothing = key("c")
      .staleWhen(settings, {})
      .view({}, async () => 1);
    const lines = linesOf(catalogOf(defineKeys({ byName, byId, byNothing })), {});
    expect(lines[1]).toMatch(/what it reads, and any write to settings$/);
    expect(lines[2]).toMatch(/what it reads, and settings\.id ← \{id\} \(its whole partition\)$/);
    expect(lines[3]).toMatch(/what it reads, and any write to settings$/);
  });

  test("--json is the whole key spec with its fingerprint", () => {
    const exported = JSON.parse(answerText(catalog, { json: true }));
    expect(exported).toEqual(catalog.exported);
    expect(exported.fingerprint).toBe(catalog.fingerprint);
  });
});

describe("what does this write evict?", () => {
  test("the keys of its row, each with its declaration, and the views that may follow", () => {
    expect(mutation("insert friendships user_id=42 friend_id=7 since=2026-11-21T00:00:00Z")).toEqual([
      "key  users_42_friends        friends",
      "key  users_42_friends_first  firstFriends",
      "key  users_42_friends_count  friendCount",
      "key  users_42_friends_7      friendship",
      "and every entry of friendNames that read one of these (known only as it reads)",
    ]);
  });

  test.each([
    ['update users id=42 name="Ada Lovelace"', "key  users_42  user"],
    ["update users id=42 name='Ada' if-exists", "partition  users/42  every key of it: user"],
    ["insert users id=-7 name=null if-not-exists", "key        users_-7"],
    ["delete friendships user_id=42 friend_id=7", "key  users_42_friends_7      friendship"],
    [
      "delete-partition friendships user_id=42",
      "partition  friendships/42          every key of it: friends, firstFriends",
    ],
    [
      "delete-range posts author_id=42 created_at>=2026-01-01T00:00:00Z created_at<2027-01-01T00:00:00Z",
      "partition  posts/42",
    ],
    [
      "increment post_likes post_id=c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10 likes=1",
      "key  posts_c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10_likes  likes",
    ],
    [
      "update posts author_id=42 author_name=Ada",
      "partition  posts/42               every key of it: posts, latestPosts, post",
    ],
    ['insert users_by_email email="a b@c" user_id=1', "key  users_by_email_a%20b@c  userByEmail"],
    [
      "insert messages room=tea day=2026-11-21 sent_at=2026-11-21T00:00:00Z id=c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10",
      "key  messages_tea_2026-11-21  messages",
    ],
    ["truncate users", "table  users  everything read from it: user"],
  ])("%s", (described, line) => {
    expect(mutation(described)).toContainEqual(expect.stringContaining(line));
  });

  test("as JSON, for scripts", () => {
    expect(JSON.parse(answerText(catalog, { mutation: "truncate users", json: true }))).toEqual({
      keys: [],
      partitions: [],
      tables: [{ table: "users", names: ["user"] }],
      viewsThatMayFollow: ["friendNames"],
    });
  });

  test.each([
    ["", "E_MUTATION_SYNTAX", "insert friendships user_id=42 friend_id=7"],
    ["upsert users id=1", "E_MUTATION_SYNTAX", '"upsert" is no kind of write'],
    ["constructor users", "E_MUTATION_SYNTAX", "is no kind of write"],
    ["insert people id=1", "E_MUTATION_SYNTAX", "The tables are users, users_by_email"],
    ["insert users 42", "E_MUTATION_SYNTAX", '"42" is not column=value'],
    ["insert users uid=42", "E_MUTATION_SYNTAX", "users has no column uid. Its columns are id, name"],
    ["insert users id<42", "E_MUTATION_SYNTAX", "Only delete-range takes <"],
    ["delete users id=42 if-not-exists", "E_MUTATION_SYNTAX", "update and delete take if-exists"],
    [
      "delete-range posts author_id=1 created_at<2026-01-01T00:00:00Z id>a",
      "E_MUTATION_SYNTAX",
      "Bound one clustering column",
    ],
    ["delete-range posts author_id=1 id=c6a4d4a8-8d0e-4d2c-9d3c-0a6a3b1a2f10", "E_MUTATION", "in order"],
    ["insert users id=forty-two", "E_VALUE", '"forty-two" is not a valid int'],
    ["insert users name=Ada", "E_MUTATION", "users.id is missing"],
    ["insert users id=null", "E_MUTATION", "users.id is null"],
  ])("%j is refused, saying what to write instead", (described, code, words) => {
    expect(() => mutation(described)).toThrow(expect.objectContaining({ code }));
    expect(() => mutation(described)).toThrow(words);
  });
});

describe("what makes this key stale?", () => {
  test("rows by their values, their partition, their table", () => {
    expect(linesOf(catalog, { key: "users_42_friends" })).toEqual([
      "key          users_42_friends",
      "declared as  friends, users_{id}_friends",
      "what         rows",
      "parameters   id = 42",
      "HTTP path    /users/:id/friends",
      "stale by     a write to friendships where user_id = 42",
      "             a touch of partition friendships/42: static columns, ranges, conditional writes",
      "             a touch of table friendships: truncate, or a write that cannot tell its partitions",
    ]);
  });

  test("what it read, for a view, and its TTL", () => {
    expect(linesOf(catalog, { key: "users_42_friends_names" }).slice(-2)).toEqual([
      "stale by     whatever makes a key stale that it read (known only as it reads)",
      "             its TTL of 60 s",
    ]);
  });

  test("as JSON, for scripts", () => {
    expect(JSON.parse(answerText(catalog, { key: "users_42_friends_7", json: true }))).toMatchObject({
      name: "friendship",
      params: { id: 42, friend: 7 },
      rows: [{ table: "friendships", where: { user_id: 42, friend_id: 7 } }],
      partitions: ["friendships/42"],
    });
  });

  test("a text that is no key is refused, with the templates there are", () => {
    expect(() => answerText(catalog, { key: "users_x" })).toThrow(expect.objectContaining({ code: "E_NO_SUCH_KEY" }));
    expect(() => answerText(catalog, { key: "users_x" })).toThrow("users_{id}_friends");
  });
});

describe("a key module", { timeout: 60_000 }, () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearkey-keys-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const DECLARED = `import { defineKeys, int, key, table } from ${JSON.stringify(join(ROOT, "src/index.ts"))};
const users = table("users", { id: int }, { partition: ["id"] });
const user = key("users_{id}").row(users);
`;
  /** `.ts` beside no package.json is CommonJS, `.mts` never is: both must do. */
  const moduleOf = async (name: string, code: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, code);
    return file;
  };

  test.each([
    ["as keys, before any other", "export const other = defineKeys({}); export const keys = defineKeys({ user });"],
    ["as default", "export const other = defineKeys({}); export default defineKeys({ user });"],
    ["as its only key set", "export const mine = defineKeys({ user }); export const x: number = 1;"],
  ])("exports its keys %s", async (how, code) => {
    for (const extension of ["ts", "mts"]) {
      const file = await moduleOf(`${how.replaceAll(" ", "-")}.${extension}`, DECLARED + code);
      const loaded = catalogOf(await loadKeyModule(file));
      expect(loaded.keys.map(({ name }) => name)).toEqual(["user"]);
      expect(linesOf(loaded, { key: "users_42" })[1]).toBe("declared as  user, users_{id}");
    }
  });

  test("may be plain JavaScript", async () => {
    const file = await moduleOf(
      "plain.mjs",
      `import { keys } from ${JSON.stringify(join(ROOT, "keyspec/index.ts"))}; export { keys };`,
    );
    expect(catalogOf(await loadKeyModule(file)).fingerprint).toBe(catalog.fingerprint);
  });

  test.each([
    ["is not there", undefined, "E_KEY_MODULE_NOT_FOUND", "no key module at"],
    ["does not parse", "export const keys = ;", "E_KEY_MODULE_LOAD", "could not be loaded"],
    ["throws", "throw new Error('no network');", "E_KEY_MODULE_LOAD", "Error: no network"],
    ["imports what is not there", "import './nowhere.ts';", "E_KEY_MODULE_LOAD", "nowhere"],
    ["exports no key set", "export const user = 1;", "E_KEY_MODULE_EXPORT", "exports no key set: user"],
    ["exports nothing", "const user = 1;", "E_KEY_MODULE_EXPORT", "exports no key set"],
    [
      "exports several",
      `${DECLARED}export const a = defineKeys({ user }); export const b = defineKeys({});`,
      "E_KEY_MODULE_EXPORT",
      "2 key sets: a, b",
    ],
    [
      "declares two keys of one text",
      `${DECLARED}export const keys = defineKeys({ user, again: user });`,
      "E_SPEC",
      "keys user (users_{id}) and again (users_{id}) would both give users_0",
    ],
  ])("that %s is refused, by code and in words", async (how, code, expected, words) => {
    const name = `${how.replaceAll(" ", "-")}.ts`;
    const file = code === undefined ? join(folder, name) : await moduleOf(name, code);
    const error = await loadKeyModule(file).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NearkeyError);
    expect(error).toMatchObject({ code: expected });
    expect(String(error)).toContain(words);
  });
});

describe("the command", () => {
  test.concurrent.each<[string, readonly string[], number, RegExp]>([
    ["ends with 0 and prints its answer", ["keyspec/index.ts", "--key", "users_42"], 0, /^key +users_42\n/],
    [
      "ends with 1 where the question cannot be answered",
      ["keyspec/index.ts", "--key", "nobody"],
      1,
      /^E_NO_SUCH_KEY: /,
    ],
    [
      "ends with 2 where it is used wrongly",
      ["keyspec/index.ts", "--key", "a", "--mutation", "b"],
      2,
      /cannot be used with/,
    ],
  ])("%s", { timeout: 60_000 }, async (_what, args, code, output) => {
    expect(await run(args)).toMatchObject({ code, output: expect.stringMatching(output) });
  });
});

/** Runs the command as its users do. */
function run(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const command = ["--import", "tsx", "src/cli/main.ts", "keys", ...args];
  return new Promise((done) => {
    const child = execFile(process.execPath, command, { cwd: ROOT }, (_failed, stdout, stderr) => {
      done({ code: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}
