import { existsSync, readFileSync } from "node:fs";
import { Client } from "cassandra-driver";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLiveKeyspace } from "../../src/adapters/cassandra/live-keyspace.ts";
import { schemaDrift } from "../../src/adapters/cassandra/schema-drift.ts";
import { makeSocialKeyspace } from "../../src/cli/dev/social-keyspace.ts";
import { planModules } from "../../src/cli/init/plan.ts";
import { Application } from "../cli/init/application.ts";
import { NearkeyChild } from "../cli/nearkey-child.ts";
import { columnType } from "../spec/type-arbitraries.ts";
import { describeReal } from "../support/real.ts";

const SLOW = { timeout: 120_000 };

const OTHER_KEYS = `
import { defineKeys, key } from "nearkey";
import * as tables from "./tables.js";
const user = key("people_{id}").row(tables.users);
const friendships = key("users_{id}_friendships").rows(tables.friendships, { user_id: "id" }).first(10);
export const keys = defineKeys({ user, friendships });
`;

describeReal("nearkey init and nearkey check on real servers", (real) => {
  const application = new Application();
  const children: NearkeyChild[] = [];
  let client: Client;
  let social: string;
  let nasty: string;

  beforeAll(async () => {
    const { contactPoints, localDataCenter } = real.cassandra;
    const socketOptions = { readTimeout: 60_000 };
    client = new Client({ contactPoints: [...contactPoints], localDataCenter, socketOptions });
    await client.connect();
    [social, nasty] = [await real.keyspace(), await real.keyspace()];
    await makeSocialKeyspace(client, social);
    await client.execute(`USE ${nasty}`);
    const cql = readFileSync(new URL("nasty.cql", import.meta.url), "utf8");
    const statements = cql.replace(/^--.*$/gm, "").split(/;$/m);
    for (const statement of statements) if (statement.trim() !== "") await client.execute(statement);
    for (const keyspace of [social, nasty]) await nearkey("init", keyspace, "--out", application.path(keyspace));
  }, SLOW.timeout);

  afterAll(async () => {
    await Promise.all(children.map((child) => child.end()));
    await client?.shutdown();
    application.remove();
  });

  const start = (command: string, keyspace: string, ...more: readonly string[]): NearkeyChild => {
    const { contactPoints } = real.cassandra;
    const child = new NearkeyChild([
      command,
      "--keyspace",
      keyspace,
      "--contact-points",
      contactPoints.join(","),
      ...more,
    ]);
    children.push(child);
    return child;
  };
  const nearkey = async (command: string, keyspace: string, ...more: readonly string[]) => {
    const child = start(command, keyspace, ...more);
    return { code: await child.exit(), stdout: child.stdout, stderr: child.stderr };
  };
  const keysOf = (keyspace: string): readonly string[] => ["--keys", application.path(`${keyspace}/keys.ts`)];
  const check = (keyspace: string, ...more: readonly string[]) =>
    nearkey("check", keyspace, ...keysOf(keyspace), ...more);
  /** Runs it against a table or type of the keyspace. */
  const alter = (cql: string) => client.execute(cql);

  test("what init writes compiles under strict, and check finds it as it is", SLOW, async () => {
    expect(await application.typeErrors()).toBe("");
    for (const keyspace of [social, nasty]) {
      const checked = await check(keyspace);
      expect(checked.stderr).toBe("");
      expect(checked.code).toBe(0);
      expect(checked.stdout).toBe(
        `schema of keyspace ${keyspace}: as declared\nservices: not asked: no --nats-servers\n`,
      );
    }
  });

  test("the worked example gets a key for each table and a guess for each that has lists", SLOW, async () => {
    const child = new NearkeyChild(["keys", application.path(`${social}/keys.ts`), "--json"]);
    expect(await child.exit()).toBe(0);
    const { keys } = JSON.parse(child.stdout) as { keys: readonly { template: string }[] };
    expect(keys.map(({ template }) => template)).toEqual([
      "friendships_{user_id}_{friend_id}",
      "users_{id}_friendships",
      "messages_{room}_{day}_{sent_at}_{id}",
      "messages_{room}_{day}",
      "post-likes_{post_id}",
      "posts_{author_id}_{created_at}_{id}",
      "posts_{author_id}",
      "users_{id}",
      "users-by-email_{email}",
    ]);
  });

  test("what is awkward about a keyspace is declared, or said with what to do instead", SLOW, async () => {
    const { code, stdout } = await nearkey("init", nasty, "--print", "--json");
    expect(code).toBe(0);
    const { keys, leftOut, tables, written } = JSON.parse(stdout);
    expect(written).toEqual([]);
    expect(leftOut.map(({ what, name }: { what: string; name: string }) => `${what} ${name}`)).toEqual([
      "type Odd",
      "table Quoted",
      "table badkey",
      "table by_list",
      "column mixed.odd",
      "column mixed.userName",
      "table prices",
      "materialized view sessions_by_agent",
      "index users_by_mail on users(email)",
    ]);
    const notes = Object.fromEntries(tables.map((t: { name: string; notes: string[] }) => [t.name, t.notes.join(" ")]));
    expect(notes.page_views).toContain("every increment evicts");
    expect(notes.sessions).toContain("default_time_to_live");
    expect(notes.tags_of).toContain("nothing of it is cached");
    expect(keys).toContainEqual({
      name: "sessions",
      template: "users_{id}_sessions",
      kind: "rows",
      table: "sessions",
      bind: { user_id: "id" },
      guess: "sessions.user_id is the id of users, and the rows of a partition are read as one list",
    });
  });

  test("whatever types columns have, each is declared as the server writes it", SLOW, async () => {
    const keyspace = await real.keyspace();
    const ofServer = columnType(2).filter(({ cql }) => !cql.includes("thing")); // a user-defined type that is another one each time
    const columns = fc.sample(ofServer, { numRuns: 60, seed: 20261125 }).map(({ cql }, i) => `c${i} ${cql}`);
    await alter(`CREATE TABLE ${keyspace}.wide (id int PRIMARY KEY, ${columns.join(", ")})`);
    const live = await readLiveKeyspace(client, keyspace, 10_000);
    const { leftOut, tables } = planModules(live);
    expect(leftOut).toEqual([]);
    expect(tables[0]?.columns).toHaveLength(61);
    expect(
      schemaDrift(
        keyspace,
        tables.map(({ table }) => table),
        live,
      ),
    ).toEqual([]);
  });

  test("--print gives what would be written, the same each time, and writes nothing", SLOW, async () => {
    const [once, again] = [await nearkey("init", nasty, "--print"), await nearkey("init", nasty, "--print")];
    expect([once.code, again.stdout]).toEqual([0, once.stdout]);
    for (const file of ["tables.ts", "keys.ts"]) {
      expect(once.stdout).toContain(readFileSync(application.path(`${nasty}/${file}`), "utf8"));
      expect(existsSync(file)).toBe(false);
    }
  });

  test("a file that is there is named and left, with exit code 1", SLOW, async () => {
    application.write("mine/keys.ts", "mine");
    const { code, stderr, stdout } = await nearkey("init", social, "--out", application.path("mine"));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^E_FILE_EXISTS: .*mine\/keys\.ts exists, nothing was written/);
    expect(existsSync(application.path("mine/tables.ts"))).toBe(false);
    expect(readFileSync(application.path("mine/keys.ts"), "utf8")).toBe("mine");
  });

  test("a keyspace that is not there, and one without tables, are said with exit code 1", SLOW, async () => {
    const [nowhere, empty] = [await nearkey("init", "nowhere"), await nearkey("init", await real.keyspace())];
    expect([nowhere.code, empty.code]).toEqual([1, 1]);
    expect(nowhere.stderr).toMatch(/^E_STORE_READ: there is no keyspace nowhere/);
    expect(empty.stderr).toMatch(/^E_NOTHING_TO_DECLARE: /);
  });

  describe("a schema that was changed", () => {
    const SAME = /: as declared\n/;
    /** Changes the keyspace, and gives what check then says and its exit code. */
    const saidAfter = async (...statements: readonly string[]) => {
      for (const statement of statements) await alter(statement);
      const { code, stdout } = await check(nasty);
      return `${code}\n${stdout}`;
    };

    test(
      "by a new column is drift that names it, with what to declare; or none, where that is allowed",
      SLOW,
      async () => {
        const said = await saidAfter(`ALTER TABLE ${nasty}.mixed ADD age list<int>`);
        expect(said).toMatch(/^1\n.*: 1 difference\n {2}mixed\.age: declared no column, in Cassandra list<int>\n/);
        expect(said).toContain("    the declaration: add column age: list(int)\n");
        expect((await check(nasty, "--allow-undeclared")).code).toBe(0);
        expect(await saidAfter(`ALTER TABLE ${nasty}.mixed DROP age`)).toMatch(SAME);
      },
    );

    test("is as declared again after the statements that check proposes", SLOW, async () => {
      const said = await saidAfter(
        `ALTER TABLE ${nasty}.mixed DROP "select"`,
        `ALTER TABLE ${nasty}.readings DROP unit`,
        `DROP TABLE ${nasty}.tags_of`,
        `DROP TABLE ${nasty}.users_by`,
      );
      expect(said).toMatch(/^1\n/);
      const proposed = said.split("\n").flatMap((line) => /or the database: (.*)$/.exec(line)?.[1]?.split("; ") ?? []);
      expect(proposed).toHaveLength(4);
      expect(await saidAfter(...proposed)).toMatch(SAME);
    });

    test("in a type is named with both sides; a key that differs has no statement", SLOW, async () => {
      const said = await saidAfter(
        `ALTER TYPE ${nasty}.country ADD since int`,
        `DROP TABLE ${nasty}.class`,
        `CREATE TABLE ${nasty}.class (default text PRIMARY KEY, int int, text text, constructor int)`,
      );
      expect(said).toContain("class.default: declared int, partition 1, in Cassandra text, partition 1\n");
      expect(said).toContain("the declaration: change column default: text, partition 1\n");
      expect(said).toContain("or the database: no statement does that");
      expect(said).toContain(
        "declared country(code ascii, name text), in Cassandra country(code ascii, name text, since int)",
      );
      expect(said).toContain("the declaration: change the type: country(code ascii, name text, since int)");
    });
  });

  describe("services that run", () => {
    const nats = (): readonly string[] => ["--nats-servers", real.nats.servers.join(","), "--namespace", "check-test"];
    const frontend = async (...keys: readonly string[]): Promise<NearkeyChild> => {
      const child = start("frontend", social, ...keys, ...nats(), "--port", "0");
      await child.line("serving", SLOW.timeout);
      return child;
    };

    test("with the same key spec are counted, and with another are named with each difference", SLOW, async () => {
      application.write(`${social}/other.ts`, OTHER_KEYS);
      const backend = start("backend", social, ...keysOf(social), ...nats(), "--port", "0");
      await backend.line("serving", SLOW.timeout);
      const same = await frontend(...keysOf(social));
      const alike = await check(social, ...nats());
      expect(alike.code).toBe(0);
      expect(alike.stdout).toMatch(/services: 2 answered in namespace check-test, 2 with this key spec/);

      const other = await frontend("--keys", application.path(`${social}/other.ts`));
      const { code, stdout } = await check(social, ...nats());
      expect(code).toBe(1);
      expect(stdout).toMatch(/services: 3 answered in namespace check-test, 2 with this key spec \([0-9a-f]{16}\)\n/);
      expect(stdout).toMatch(/^ {2}frontend \S+:\d+: another key spec \([0-9a-f]{16}: what either side writes/m);
      expect(stdout).toContain("    key user: template: here users_{id}, there people_{id}\n");
      expect(stdout).toContain("    key friendships: what: here rows, there first 10 rows\n");
      expect(stdout).toContain("    key posts: only here: posts_{author_id}\n");
      expect(stdout).toContain("    table posts: only here: PRIMARY KEY ((author_id), created_at, id)\n");

      const { services } = JSON.parse((await check(social, ...nats(), "--json")).stdout);
      expect(services.found).toMatchObject({
        answered: 3,
        others: [{ services: [{ role: "frontend" }], sameNames: false }],
      });
      for (const child of [backend, same, other]) await child.end();
      expect((await check(social, ...nats())).stdout).toContain("services: nobody answered in namespace check-test");
    });

    test("that cannot be asked are said, with exit code 2; the schema is told all the same", SLOW, async () => {
      const { code, stdout } = await check(social, "--nats-servers", "nats://127.0.0.1:2");
      expect(code).toBe(2);
      expect(stdout).toContain(`schema of keyspace ${social}: as declared\n`);
      expect(stdout).toMatch(/^services: could not look: E_UNREACHABLE: NATS cannot be reached: /m);
      const alone = await check(social, "--nats-servers", "nats://127.0.0.1:2", "--schema-only");
      expect([alone.code, alone.stdout]).toEqual([0, expect.stringContaining("services: not asked: --schema-only\n")]);
    });
  });

  test("a Cassandra that cannot be reached, and keys that cannot be loaded, are exit code 2", SLOW, async () => {
    const away = new NearkeyChild([
      "check",
      ...keysOf(social),
      "--keyspace",
      social,
      "--contact-points",
      "127.0.0.1:1",
    ]);
    const keyless = new NearkeyChild(["check", "--keys", "no/keys.ts", "--keyspace", social]);
    expect(await Promise.all([away.exit(), keyless.exit()])).toEqual([2, 2]);
    expect(away.stdout).toMatch(
      /^schema of keyspace \w+: could not look: E_UNREACHABLE: Cassandra cannot be reached: /,
    );
    expect(keyless.stderr).toMatch(/^E_KEY_MODULE_NOT_FOUND: /);
  });
});
