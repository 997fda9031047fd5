import { setTimeout as pause } from "node:timers/promises";
import { waitUntil } from "../../../docker/stack/wait.ts";
import { type Chance, seeded } from "../../sim/chance.ts";
import { type Clients, createClients, type UnderWay } from "../clients/clients.ts";
import { auditedHits, inspectLogs } from "../deployment/inspect.ts";
import type { RunFolder } from "../deployment/run-folder.ts";
import { createStreamAdmin } from "../deployment/stream-admin.ts";
import { replicasOf } from "../deployment/topology.ts";
import { faults } from "../faults/all.ts";
import type { Ground } from "../faults/fault.ts";
import type { Findings } from "../judge/findings.ts";
import { countOldValues } from "../town/old-values.ts";
import { countLikes } from "../town/settlers.ts";
import { foundTown, type Town } from "../town/town.ts";
import { type Compared, compareAll, untilAtRest } from "./at-rest.ts";
import { type Court, openCourt } from "./court.ts";
import type { ChaosOptions } from "./options.ts";
import { type ChaosEvent, printSeconds } from "./print-seconds.ts";
import { report } from "./report.ts";
import { FENCE_MS, KEYSPACE, type Stage, setStage } from "./stage.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

export interface RunOptions extends ChaosOptions {
  readonly folder: RunFolder;
  readonly findings: Findings;
  readonly say: (line: string) => void;
  readonly onDeath: (error: Error) => void;
  readonly signal: AbortSignal;
}

const WARM_UP_MS = 3_000;

/** One run, from nothing to its report. What was wrong is among the findings. Throws where nothing could be started, or when it is aborted. */
export async function runChaos(options: RunOptions): Promise<void> {
  const town = foundTown();
  // Faults and clients have a chance of their own each: how clients fare must not change which faults come.
  const tracks = seeded(options.seed);
  const [chance, clientChance] = [tracks.of("faults"), tracks.of("clients")];
  const stage = await setStage({ ...options, town, chance: clientChance });
  try {
    await perform(options, { stage, town, chance, clientChance });
  } finally {
    await stage.close();
  }
}

interface Scene {
  readonly stage: Stage;
  readonly town: Town;
  /** Of the faults. */
  readonly chance: Chance;
  readonly clientChance: Chance;
}

async function perform(options: RunOptions, scene: Scene): Promise<void> {
  const { signal, say } = options;
  const { town, clientChance } = scene;
  const { processes, initial } = scene.stage;
  const rules = { boundMs: options.boundMs, countersHold: replicasOf(options.topology) === 1 };
  const court = openCourt({ ...options, rules, initial });
  const underWay: UnderWay = new Map();
  const clients = createClients({ ...court, ...processes, town, chance: clientChance, underWay });
  const ground = groundOf(scene, court, underWay);
  const { events, tell } = eventsOf(court, say);
  const fitting = faults.filter(({ fits = () => true }) => fits(ground));
  const onCalm = () => noteLikes(scene, court, signal);
  const timeline = createTimeline({ ...options, ...court, ...scene, ground, tell, onCalm, faults: fitting });
  let rest: AtRest = { compared: { answers: 0, hits: 0 }, audited: 0 };
  try {
    await breakThings(options, clients, timeline, tell);
    rest = await restAndCompare(scene, court, clients, signal);
  } catch (error) {
    signal.throwIfAborted();
    court.findings.add("not calm again", String(error));
  }
  stopSoon(clients); // where it was not calm again they go on
  if (sawNothing(court)) court.findings.add("no evidence", "nothing was tried: no hits, no writes, or no sessions");
  inspectLogs(processes.all, court.findings);
  if (options.seconds) for (const line of printSeconds(court.tally, events)) say(line);
  for (const line of report({ ...court, ...timeline, ...rest, processes: processes.all })) say(line);
}

/** Nobody waits for it any more: what hangs has been found already. */
function stopSoon(clients: Clients): void {
  void Promise.allSettled([clients.stopWriting(), clients.stopReading()]);
}

/** A run without these would pass, and prove nothing. */
function sawNothing({ tally }: Court): boolean {
  const { reads, writes, sessions } = tally.total();
  return Math.min(reads.hit, writes.acked, sessions) === 0;
}

async function breakThings(
  { faults: wanted, minutes, signal }: RunOptions,
  clients: Clients,
  timeline: Timeline,
  tell: (words: string) => void,
): Promise<void> {
  clients.start();
  await pause(WARM_UP_MS, undefined, { signal });
  if (wanted === undefined) await timeline.playFor(minutes * 60_000);
  else await timeline.playInOrder(wanted);
  await clients.stopWriting();
  tell("nobody writes any more");
}

const COUNTED_WITHIN_MS = 60_000;

/** At every replica, where acknowledged increments alone are nothing to go by. A node that was away is waited for. */
async function noteLikes({ stage, town }: Scene, { history, rules }: Court, signal: AbortSignal): Promise<void> {
  if (rules.countersHold) return;
  const wait = {
    what: "A count of likes at every replica",
    deadlineMs: COUNTED_WITHIN_MS,
    remedy: "Look at the nodes' logs",
  };
  await waitUntil({ ...wait, signal }, async () => {
    const totals = await countLikes(stage.client, KEYSPACE, town);
    for (const [counter, total] of totals) history.noteCount(counter, total);
    return true;
  });
}

interface AtRest {
  readonly compared: Compared;
  /** Hits that the frontends' own audits agreed with. */
  readonly audited: number;
}

async function restAndCompare(
  { stage, town }: Scene,
  court: Court,
  clients: Clients,
  signal: AbortSignal,
): Promise<AtRest> {
  const { client, servers } = stage;
  const { frontends } = stage.processes;
  await untilAtRest({ servers }, FENCE_MS, signal);
  await clients.stopReading();
  const compared = await compareAll({ ...court, client, keyspace: KEYSPACE, town, frontends });
  return { compared, audited: await auditedHits(frontends) };
}

function groundOf({ stage, town, chance }: Scene, court: Court, underWay: UnderWay): Ground {
  const { processes, servers } = stage;
  return {
    servers,
    processes,
    stream: createStreamAdmin(servers.natsUrls, KEYSPACE),
    chance,
    writesUnderWay: (backend) => underWay.get(backend) ?? 0,
    askAlone: async ({ node }) => {
      const client = await servers.connectTo(node);
      return {
        countOldValues: () => countOldValues(client, KEYSPACE, town, court),
        close: () => client.shutdown(),
      };
    },
  };
}

function eventsOf({ now }: Court, say: (line: string) => void) {
  const events: ChaosEvent[] = [];
  const tell = (words: string): void => {
    events.push({ atMs: now(), words });
    say(`${(now() / 1000).toFixed(1).padStart(7)} s  ${words}`);
  };
  return { events, tell };
}
