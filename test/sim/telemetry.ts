import type { Telemetry } from "../../src/ports/telemetry.ts";
import { tableOf } from "./history.ts";
import type { Life } from "./life.ts";
import { isPath, type Path } from "./paths.ts";
import type { Simulation } from "./simulation.ts";

type Event = Parameters<Telemetry["event"]>;

/** What an engine says: which ways it took, and what it has dropped. */
export function hear(sim: Simulation, life: Life, [name, fields]: Event): void {
  const { world, excuses } = sim;
  world.say(life.name, () => `${name} ${Object.values(fields).join(" ")}`);
  if (name === "flushed") {
    const why = String(fields.why);
    const flush = `flush: ${why}`;
    if (isPath(flush)) world.count(flush);
    excuses.flushed(life.name, world.nowMs, REBASED.includes(why));
    life.flushed(world.nowMs, REBASED.includes(why));
  }
  if (name === "responder-rollback") {
    life.sawRollbackAtMs = world.nowMs;
    if (!excuses.hasRewinds) world.violate(`false alarm: ${life.name} says that the log lost messages`);
  }
  if (name === "filled") noteFilled(sim, life);
  if (name === "assumption-broken") world.violate(`assumption: ${life.name} says ${fields.words}`);
  if (name === "audit-difference" && !isExplained(sim, life.name, fields))
    world.violate(`audit: ${life.name} found a difference in ${fields.tables}: ${fields.cause}`);
  const path = PATH_OF[name];
  if (path !== undefined) world.count(path);
}

/** After these a frontend takes the log for another than it was. */
const REBASED = ["rollback", "other-epoch", "lost-by-log"];

const PATH_OF: Partial<Record<Event[0], Path>> = {
  gap: "gap",
  unproven: "proof lost",
  proven: "proof regained",
  "message-refused": "message refused",
  "write-not-announced": "written, not announced",
  "write-announced-late": "announced late",
  "fence-orphaned": "orphaned fence",
  "responder-rollback": "rollback seen",
};

/**
 * The audit finds that something differs for good only where a write of that table may be unknown to this frontend. Who remembers a stray's
 * fence does not say that nobody announced it; a cause tells no more than that, for orphans of other writes may hide it.
 */
function isExplained({ history, excuses, world }: Simulation, reader: string, { tables, cause }: Event[1]): boolean {
  const found = String(tables).split(" ");
  return history.writes
    .filter(({ effects }) => effects.some((effect) => found.includes(tableOf(effect))))
    .some(
      (write) =>
        (write.isStray && cause !== "unannounced") ||
        write.isUnfenced ||
        excuses.isUnknownTo(write, reader) ||
        excuses.isExcused(write, reader, world.nowMs),
    );
}

function noteFilled({ world }: Simulation, life: Life): void {
  const isCold = !life.hasFilled;
  life.hasFilled = true;
  if (!isCold) world.count("fill");
  else if (life.flushedAtMs === undefined) world.count("cold start replayed");
}
