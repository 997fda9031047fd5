/**
 * What a fenced write costs: its median latency over that of a plain driver write and two acknowledgements of the log, measured side by side on
 * a real Cassandra and nats-server. Goal: at most 1.10. The three are also done by hand, one after the other: on a busy machine the median of
 * such a sum is more than the sum of the medians.
 *
 *     npm run bench
 */
import { arch, cpus, release } from "node:os";
import { Client, types } from "cassandra-driver";
import { connect } from "nats";
import { startLocalStack } from "../../docker/stack/local-stack.ts";
import { keys } from "../../keyspec/index.ts";
import { users } from "../../schema/social.ts";
import { createCassandraStore } from "../../src/adapters/cassandra/cassandra-store.ts";
import { cassandraClientOptions } from "../../src/adapters/cassandra/client-options.ts";
import { natsConnectionOptions } from "../../src/adapters/nats/connection-options.ts";
import { createNatsLog } from "../../src/adapters/nats/nats-log.ts";
import { systemClock as clock } from "../../src/adapters/system/clock.ts";
import { systemEntropy as entropy } from "../../src/adapters/system/entropy.ts";
import { makeSocialKeyspace } from "../../src/cli/dev/social-keyspace.ts";
import { createWriter } from "../../src/engine/create-writer.ts";
import { insert } from "../../src/index.ts";
import { announce, messageId, partsOf } from "../../src/protocol/announce.ts";
import { encodeMessage } from "../../src/protocol/message.ts";

const ROUNDS = 9;
const WRITES_PER_ROUND = 300;
const WARM_UP = 300;
const GOAL = 1.1;
const KEYSPACE = "bench";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const stack = await startLocalStack({ log: say });
const { contactPoints, localDataCenter } = stack.cassandra;
const client = new Client({ contactPoints: [...contactPoints], localDataCenter, ...cassandraClientOptions() });
const connection = await connect(natsConnectionOptions(stack.nats.servers));
try {
  await client.connect();
  await makeSocialKeyspace(client, KEYSPACE);
  const log = await createNatsLog({ connection, namespace: "bench", clock, entropy, create: true });
  const writer = createWriter({
    keys,
    store: createCassandraStore({ client, keyspace: KEYSPACE }),
    log,
    clock,
    entropy,
  });
  await writer.write(insert(users, { id: 0, name: "first" }));

  const plainly = (id: number) =>
    client.execute(`INSERT INTO ${KEYSPACE}.users (id, name) VALUES (?, ?)`, [id, "Ada"], {
      prepare: true,
      consistency: types.consistencies.localQuorum,
    });
  const acknowledged = (id: number) => {
    const [part] = partsOf({ keys: [`users_${id}`], partitions: [], tables: [], about: ["users"] });
    if (part === undefined) throw new Error("no part");
    const fence = announce("fence", part, { id: entropy.id(), spec: "bench", conditional: false });
    return log.append("announcement", encodeMessage(fence), { id: messageId(fence), deadlineMs: 5_000 });
  };
  const byHand = async (id: number) => {
    await acknowledged(id);
    await plainly(id);
    await acknowledged(id);
  };
  const fenced = (id: number) => writer.write(insert(users, { id, name: "Ada" }));
  const writes: Writes = { plainMs: plainly, ackMs: acknowledged, byHandMs: byHand, fencedMs: fenced };

  await measure(writes, WARM_UP);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(writes, WRITES_PER_ROUND));
  report(rounds);
  await writer.close();
  await log.close();
} finally {
  await connection.close();
  await client.shutdown();
  await stack.close();
}

/** Medians, in milliseconds. */
interface Round {
  readonly plainMs: number;
  readonly ackMs: number;
  readonly byHandMs: number;
  readonly fencedMs: number;
}

type Writes = Readonly<Record<keyof Round, (id: number) => Promise<unknown>>>;

/** One of each in turn, so that whatever else the machine does meets all alike. */
async function measure(writes: Writes, count: number): Promise<Round> {
  const took: Record<keyof Round, number[]> = { plainMs: [], ackMs: [], byHandMs: [], fencedMs: [] };
  for (let i = 0; i < count; i++) {
    took.plainMs.push(await timed(() => writes.plainMs(i)));
    took.ackMs.push(await timed(() => writes.ackMs(i)));
    took.byHandMs.push(await timed(() => writes.byHandMs(i)));
    took.fencedMs.push(await timed(() => writes.fencedMs(i)));
  }
  return {
    plainMs: median(took.plainMs),
    ackMs: median(took.ackMs),
    byHandMs: median(took.byHandMs),
    fencedMs: median(took.fencedMs),
  };
}

async function timed(what: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await what();
  return performance.now() - beganMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function report(rounds: readonly Round[]): void {
  const spread = (of: readonly number[]): string =>
    [Math.min(...of), median(of), Math.max(...of)].map((n) => n.toFixed(2)).join(" / ");
  const [cpu] = cpus();
  say(`${cpus().length} x ${cpu?.model}, ${arch()}, Linux ${release()}, Node ${process.version}`);
  say(`${ROUNDS} rounds of ${WRITES_PER_ROUND} writes, one at a time; min / median / max of the rounds' medians`);
  say(`a plain write           ${spread(rounds.map((r) => r.plainMs))} ms`);
  say(`an acknowledgement      ${spread(rounds.map((r) => r.ackMs))} ms`);
  say(`the three, by hand      ${spread(rounds.map((r) => r.byHandMs))} ms`);
  say(`a fenced write          ${spread(rounds.map((r) => r.fencedMs))} ms`);
  sayRatio(
    "fenced / (plain + 2 acknowledgements)",
    rounds.map((r) => r.fencedMs / (r.plainMs + 2 * r.ackMs)),
  );
  sayRatio(
    "fenced / by hand",
    rounds.map((r) => r.fencedMs / r.byHandMs),
  );

  function sayRatio(what: string, ratios: readonly number[]): void {
    say(`${what}: ${spread(ratios)}; goal ${GOAL}: ${median(ratios) <= GOAL ? "met" : "NOT met"}`);
  }
}
