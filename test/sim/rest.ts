import type { Node } from "./node.ts";
import { ask } from "./readers.ts";
import { everyKey, keyOf, plainly, wordsOf } from "./reads.ts";
import { type Asked, type Seen, seenIn } from "./seen.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";

/** Once nothing goes wrong any more: everyone comes to rest, memory is what the database holds, and reads come from memory. */

const LONGEST_REST_MS = 45_000; // two views that wait for each other do so for thirty seconds
const STEP_MS = 250;

/** Lets time pass until every window has ended, everything is announced, and every request has its answer. */
export async function comeToRest(sim: Simulation): Promise<void> {
  const { agenda, world } = sim;
  const untilMs = agenda.nowMs + LONGEST_REST_MS;
  const isOver = (): boolean => world.violation !== undefined;
  while (!isOver() && !isAtRest(sim)) {
    if (agenda.nowMs >= untilMs) {
      world.violate(`L1: nobody comes to rest: ${sim.nodes.flatMap((node) => restless(sim, node) ?? []).join(", ")}`);
      return;
    }
    await agenda.runUntil(agenda.nowMs + STEP_MS, isOver);
  }
}

/** Whoever was not told that its last tick was stored does not send another before that. */
const TICK_DEADLINE_MS = 2_000;

const isAtRest = (sim: Simulation): boolean =>
  sim.agenda.nowMs >= Math.max(TIMES.busyMs + TICK_DEADLINE_MS, straysEndMs(sim)) &&
  sim.nodes.every((node) => restless(sim, node) === undefined);

/** When what may still land has landed, and what was loaded before it has lived as long as it may. */
function straysEndMs({ history }: Simulation): number {
  const strays = history.writes.filter((write) => write.isStray);
  const latestMs = Math.max(0, ...strays.map((write) => write.begunAtMs));
  return latestMs + TIMES.databaseDeadlineMs + TIMES.hintWindowMs + TIMES.orphanTtlMs;
}

/** Why this process is not at rest. */
function restless({ server }: Simulation, { name, process, link, cache, writer, waiting }: Node): string | undefined {
  if (process.isStill) return `${name} stands still`;
  if (!link.isUp) return `${name} is not connected`;
  if (waiting.size > 0) return `${name} has requests without an answer`;
  if (writer !== undefined && writer.statistics().pending > 0) return `${name} has not announced all`;
  if (cache === undefined) return undefined;
  const { fencesOpen, loading } = cache.statistics();
  if (fencesOpen > 0) return `${name} has open windows`;
  if (loading > 0) return `${name} has loads under way`;
  const position = cache.position();
  if (position?.epoch !== server.epoch || position.sequence < server.last - 4) return `${name} is behind`;
  return cache.proofAgeMs(process.now()) > TIMES.boundMs ? `${name} has no proof` : undefined;
}

/** I2 and I3: what would be served is what the database holds. */
export function checkMemory(sim: Simulation): void {
  for (const node of sim.nodes) {
    for (const asked of everyKey()) {
      const entry = node.cache?.peek(keyOf(asked).text(asked.params), node.process.now());
      if (entry === undefined) continue;
      for (const seen of seenIn(asked, entry.value, entry.partial)) {
        const wrong = differing(sim, node, seen);
        if (wrong !== undefined) sim.world.violate(`I2/I3: at rest ${node.name} holds ${wordsOf(asked)}: ${wrong}`);
      }
    }
  }
}

function differing(sim: Simulation, { name }: Node, seen: Seen): string | undefined {
  const partition = "row" in seen ? seen.row.split("/").slice(0, 2).join("/") : seen.partition;
  const live = sim.database.truth(partition);
  if ("partition" in seen) {
    const isExcused = sim.history.rowsOf(partition).some((row) => isUnknown(sim, name, row));
    return live.length === seen.rows || isExcused ? undefined : `${seen.rows} rows, not ${live.length}`;
  }
  const clustering = Number(seen.row.split("/")[2] ?? 0);
  const row = live.find((of) => of.clustering === clustering)?.row;
  const [value] = row === undefined ? [] : Object.values(row).filter((of) => typeof of === "string");
  const there = value === undefined ? undefined : Number(value.slice(1));
  if (there === seen.version || isUnknown(sim, name, seen.row)) return undefined;
  return `${seen.row} is ${said(seen.version)}, and in the database ${said(there)}`;
}

const said = (version: number | undefined): string => (version === undefined ? "absent" : `w${version}`);

/** True if a write of this row is one that this frontend need not know of. */
const isUnknown = ({ history, excuses, agenda }: Simulation, reader: string, row: string): boolean =>
  history
    .effectsOn(row)
    .some(({ write }) => excuses.isUnknownTo(write, reader) || excuses.isExcused(write, reader, agenda.nowMs));

/** Rule 11: what a living writer could not announce when it was due, it has announced by now; and its times have only grown. */
export function checkWriters({ nodes, history, world }: Simulation): void {
  for (const { name, startedAtMs, begun } of nodes) {
    const [owed] = history.owed(startedAtMs, name);
    if (owed !== undefined) world.violate(`rule 11: ${name} has never announced w${owed.n}`);
    const given = begun.flatMap(({ givenTimestamp }) => givenTimestamp ?? []);
    if (given.some((timestamp, i) => timestamp <= (given[i - 1] ?? 0)))
      world.violate(`times: ${name} gave a later write an earlier time`);
  }
}

/** I5, as far as it can be seen from outside: a loss that a living process has seen is known to every frontend. */
export function checkLosses(sim: Simulation): void {
  const seenAtMs = Math.max(-1, ...sim.nodes.map((node) => node.sawRollbackAtMs ?? -1));
  for (const { name, cache } of sim.nodes) {
    if (cache !== undefined && sim.excuses.missedRewind(name, seenAtMs))
      sim.world.violate(`I5: ${name} has not dropped what it held before the log lost messages, which others saw`);
  }
}

/** L1: at rest a key that is read again comes from memory. */
export async function checkHits(sim: Simulation): Promise<void> {
  const { world, deployment } = sim;
  const { settings, cache } = deployment;
  const keepsViews = [settings.maxDependencies, cache.maxBytes, cache.maxRows].every((limit = 0) => limit >= 100);
  const rows: readonly Asked[] = [
    { name: "user", params: { id: 0 } },
    { name: "friends", params: { id: 0 } },
  ];
  for (const node of sim.nodes) {
    // Between orphans, what a view reads may always be about to end.
    const hasViews = keepsViews && node.cache?.statistics().orphans === 0;
    for (const of of hasViews ? [...rows, { name: "circle", params: { id: 0 } } as const] : rows) {
      const isHit = await readAgain(sim, node, of);
      if (!isHit) world.violate(`L1: at rest ${node.name} reads ${wordsOf(of)} again and again, and it is no hit`);
      if (world.violation !== undefined) return;
    }
  }
}

/** The life of what was found may just end, after an orphaned write: then it is loaded once more, not time after time. */
const READS = 4;

async function readAgain(sim: Simulation, node: Node, asked: Asked): Promise<boolean> {
  const { cache } = node;
  if (cache === undefined) return true;
  let hits = 0;
  for (let read = 0; read < READS && hits === 0; read++) {
    node.process.enter("requests", () => {
      void ask(sim, node, cache, plainly(asked)).then((answer) => {
        if (answer?.source === "hit") hits++;
      });
    });
    await sim.agenda.runUntil(sim.agenda.nowMs + STEP_MS, () => sim.world.violation !== undefined);
  }
  return hits > 0;
}
