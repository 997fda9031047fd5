import { catalogOf } from "../../src/index.ts";
import type { LogRecord } from "../../src/ports/invalidation-log.ts";
import { keys } from "./keys.ts";
import type { Life } from "./life.ts";
import { parsed } from "./message-words.ts";

import type { Simulation } from "./simulation.ts";

const SPEC = catalogOf(keys).fingerprint;

/** A record is stored: what it says goes into the history, and what it will do to frontends is counted. */
export function noteRecord(sim: Simulation, record: LogRecord): void {
  const { history, world } = sim;
  const said = parsed(record.body);
  const { kind, write, part, parts, partitions, tables, spec, flush } = said;
  if (kind === "tick" && flush === true) world.count("flush tick");
  if (typeof write !== "string") return;
  if (kind === "keys" || kind === "touch") history.announced(write, Array.isArray(tables) ? tables : [], world.nowMs);
  if (kind === "fence") {
    history.fenceStored(write);
    if (sim.lives.some((life) => hasNoRoom(sim, life))) world.count("window folded");
  }
  if (kind !== "keys") return;
  history.keysStored(write, Number(part), Number(parts), record, world.nowMs);
  if (spec !== SPEC) world.count("message of another key spec");
  if (write.includes("-table-")) world.count("announcement folded");
  if (Array.isArray(partitions) && partitions.length > 0) world.count("touch of a partition");
  if (Array.isArray(tables) && tables.length > 0) world.count("touch of a table");
}

function hasNoRoom({ deployment: { settings } }: Simulation, { cache }: Life): boolean {
  const { maxWindows = 0 } = settings;
  return maxWindows < 10 && cache !== undefined && cache.statistics().fencesOpen >= maxWindows;
}
