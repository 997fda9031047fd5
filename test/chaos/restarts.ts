/**
 * Real servers, real processes: one backend and two frontends on Cassandra and NATS, with clients that read and write a graph while nats-server,
 * then Cassandra, then a frontend are killed and started again. Every answer is held against the history; at the end every list is compared
 * with the database.
 *
 *     npm run restarts -- [friends.tsv.gz]
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "cassandra-driver";
import { startLocalStack } from "../../docker/stack/local-stack.ts";
import { readEdgeList } from "../../src/cli/dev/edge-list.ts";
import { makeGraph } from "../../src/cli/dev/made-graph.ts";
import { makeSocialKeyspace } from "../../src/cli/dev/social-keyspace.ts";
import { createSeededEntropy } from "../../src/testing/index.ts";
import { createClients, pairOf } from "./clients.ts";
import { createHistory } from "./history.ts";
import { startNearkey } from "./nearkey-process.ts";
import { createTally } from "./tally.ts";

const KEYSPACE = "restarts";
const BOUND_MS = 10_000;
const WATCHED = 300;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const file = process.argv[2];
const graph = file === undefined ? makeGraph() : await readEdgeList(file);
const logs = mkdtempSync(join(tmpdir(), "nearkey-restarts-"));
const stack = await startLocalStack({ log: say });
const client = new Client({
  contactPoints: [...stack.cassandra.contactPoints],
  localDataCenter: stack.cassandra.localDataCenter,
});
try {
  await client.connect();
  await makeSocialKeyspace(client, KEYSPACE);
  const people = graph.people.filter((_, i) => i % Math.ceil(graph.people.length / WATCHED) === 0);
  const watched = new Set(people);
  const edges = graph.friendships.filter(([a, b]) => watched.has(a) || watched.has(b));
  await load(edges);
  const args = [
    ...["--keys", "keyspec/index.ts", "--keyspace", KEYSPACE, "--namespace", KEYSPACE],
    ...["--contact-points", stack.cassandra.contactPoints.join(","), "--local-dc", stack.cassandra.localDataCenter],
    ...["--nats-servers", stack.nats.servers.join(",")],
  ];
  const at = (name: string) => join(logs, `${name}.log`);
  const backend = await startNearkey({ role: "backend", port: 18080, args, logFile: at("backend") });
  const one = await startNearkey({ role: "frontend", port: 18081, args, logFile: at("frontend-1") });
  const two = await startNearkey({ role: "frontend", port: 18082, args, logFile: at("frontend-2") });
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const friends = new Map(people.map((person) => [person, new Set<number>()]));
  for (const [a, b] of edges) {
    friends.get(a)?.add(b);
    friends.get(b)?.add(a);
  }
  const history = createHistory(new Set(edges.map(([a, b]) => pairOf(a, b))), BOUND_MS, now);
  const tally = createTally(now);
  const chance = createSeededEntropy(Number(process.env.SEED ?? 1)).fraction;
  const clients = createClients({
    backendUrl: backend.url,
    frontendUrls: [one.url, two.url],
    people,
    friends,
    history,
    tally,
    now,
    chance,
    readers: 8,
    writers: 2,
  });
  const events: string[] = [];
  const mark = (what: string): void => void events.push(`${(now() / 1000).toFixed(1)} s  ${what}`);

  clients.start();
  await sleep(5_000);
  const [nats] = stack.nats.nodes;
  const [cassandra] = stack.cassandra.nodes;
  mark("nats-server killed");
  await nats?.kill();
  await sleep(20_000); // longer than the bound: proofs run out
  await nats?.restart();
  mark("nats-server answers again");
  await sleep(8_000);
  mark("Cassandra killed");
  await cassandra?.kill();
  await sleep(8_000);
  await cassandra?.restart();
  mark("Cassandra answers again");
  await sleep(8_000);
  mark("frontend 2 killed");
  await two.kill();
  await sleep(3_000);
  await two.restart();
  mark("frontend 2 is ready again");
  await sleep(5_000);
  mark("frontend 1 paused");
  one.stop();
  await sleep(20_000);
  one.resume();
  mark("frontend 1 goes on");
  await sleep(6_000);
  await clients.stop();

  for (const event of events) say(event);
  say("second  hits misses bypasses labelled read-errors writes write-errors oldest-age-s");
  for (const [second, s] of tally.rows()) {
    say(
      [second, s.hits, s.misses, s.bypasses, s.labelled, s.readErrors, s.writes, s.writeErrors, s.oldestAgeS]
        .map((n) => String(n).padStart(7))
        .join(""),
    );
  }
  const differences = await compare([one.url, two.url], people);
  say(JSON.stringify(tally.total()));
  say(
    `stale answers: ${clients.stale.length}; lists that differ from the database at rest: ${differences}; logs in ${logs}`,
  );
  for (const wrong of clients.stale.slice(0, 20)) say(wrong);
  if (clients.stale.length + differences > 0) process.exitCode = 1;
  await Promise.all([backend.close(), one.close(), two.close()]);
} finally {
  await client.shutdown();
  await stack.close();
}

async function load(edges: readonly (readonly [number, number])[]): Promise<void> {
  const insert = `INSERT INTO ${KEYSPACE}.friendships (user_id, friend_id) VALUES (?, ?)`;
  const rows = edges.flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]);
  for (let i = 0; i < rows.length; i += 200) {
    await Promise.all(rows.slice(i, i + 200).map((row) => client.execute(insert, row, { prepare: true })));
  }
  say(`${edges.length} friendships loaded`);
}

async function compare(urls: readonly string[], people: readonly number[]): Promise<number> {
  let differences = 0;
  for (const person of people) {
    const { rows } = await client.execute(`SELECT friend_id FROM ${KEYSPACE}.friendships WHERE user_id = ?`, [person], {
      prepare: true,
    });
    const expected = rows.map((row) => row.friend_id).join();
    for (const url of urls) {
      const answer: unknown = await (await fetch(`${url}/users/${person}/friends`)).json();
      const got = Array.isArray(answer) ? answer.map((row) => row.friend_id).join() : String(answer);
      if (got !== expected) {
        differences++;
        say(`${url} users_${person}_friends differs from the database`);
      }
    }
  }
  return differences;
}
