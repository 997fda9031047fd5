import type { Telemetry } from "../../src/ports/telemetry.ts";
import type { Life } from "./life.ts";
import type { Path } from "./paths.ts";
import type { Simulation } from "./simulation.ts";

type Event = Parameters<Telemetry["event"]>;

/** What an engine says: which ways it took, and what it has dropped. */
export function hear(sim: Simulation, life: Life, [name, fields]: Event): void {
  const { world, excuses } = sim;
  world.say(life.name, () => `${name} ${Object.values(fields).join(" ")}`);
  if (name === "flushed") {
    const why = String(fields.why);
    world.tally[`flush: ${why}`] = (world.tally[`flush: ${why}`] ?? 0) + 1;
    excuses.flushed(life.name, world.nowMs, REBASED.includes(why));
    life.flushed(world.nowMs, REBASED.includes(why));
  }
  if (name === "responder-rollback") {
    life.sawRollbackAtMs = world.nowMs;
    if (!excuses.hasRewinds) world.violate(`false alarm: ${life.name} says that the log lost messages`);
  }
  if (name === "filled") noteFilled(sim, life);
  if (name === "assumption-broken") world.violate(`assumption: ${life.name} says ${fields.words}`);
  if (name === "audit-difference" && !isExcusable(sim))
    world.violate(`audit: ${life.name} found a difference: ${fields.cause}`);
  const path = PATHS[name];
  if (path !== undefined) world.count(path);
}

/** After these a frontend takes the log for another than it was. */
const REBASED = ["rollback", "other-epoch", "lost-by-log"];

const PATHS: Partial<Record<Event[0], Path>> = {
  gap: "gap",
  unproven: "proof lost",
  proven: "proof regained",
  "message-refused": "message refused",
  "write-not-announced": "written, not announced",
  "write-announced-late": "announced late",
  "fence-orphaned": "orphaned fence",
  "responder-rollback": "rollback seen",
};

/** Only where something may differ for good does the audit find that it does. */
const isExcusable = ({ history, excuses }: Simulation): boolean =>
  excuses.hasRewinds || history.writes.some((write) => write.isStray || write.isUnfenced);

function noteFilled({ world }: Simulation, life: Life): void {
  const isCold = !life.hasFilled;
  life.hasFilled = true;
  if (!isCold) world.count("fill");
  else if (life.flushedAtMs === undefined) world.count("cold start replayed");
}
