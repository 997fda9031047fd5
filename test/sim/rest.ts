import type { Life } from "./life.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";

const LONGEST_REST_MS = 45_000; // two views that wait for each other do so for thirty seconds
const STEP_MS = 250;

/** Lets time pass until every window has ended, everything is announced, and every request has its answer. */
export async function comeToRest(sim: Simulation): Promise<void> {
  const { agenda, world } = sim;
  const untilMs = agenda.nowMs + LONGEST_REST_MS;
  const isOver = (): boolean => world.violation !== undefined;
  while (!isOver() && !isAtRest(sim)) {
    if (agenda.nowMs >= untilMs) {
      world.violate(`L1: nobody comes to rest: ${sim.lives.flatMap((life) => restless(sim, life) ?? []).join(", ")}`);
      return;
    }
    await agenda.runUntil(agenda.nowMs + STEP_MS, isOver);
  }
}

/** Whoever was not told that its last tick was stored does not send another before that. */
const TICK_DEADLINE_MS = 2_000;

const isAtRest = (sim: Simulation): boolean =>
  sim.agenda.nowMs >= Math.max(TIMES.busyMs + TICK_DEADLINE_MS, straysEndMs(sim)) &&
  sim.lives.every((life) => restless(sim, life) === undefined);

/** When what may still land has landed, and what was loaded before it has lived as long as it may. */
function straysEndMs({ history }: Simulation): number {
  const strays = history.writes.filter((write) => write.isStray);
  const latestMs = Math.max(0, ...strays.map((write) => write.begunAtMs));
  return latestMs + TIMES.databaseDeadlineMs + TIMES.hintWindowMs + TIMES.orphanTtlMs;
}

/** Why this process is not at rest. */
function restless({ server }: Simulation, { name, process, link, cache, writer, waiting }: Life): string | undefined {
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
