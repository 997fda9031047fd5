import type { EffectOf } from "./history.ts";
import type { Life } from "./life.ts";
import { everyKey, keyOf, wordsOf } from "./reads.ts";
import { type Seen, seenIn } from "./seen.ts";
import type { Simulation } from "./simulation.ts";

/** I2 and I3: what would be served is what the database holds. */
export function checkMemory(sim: Simulation): void {
  for (const life of sim.lives) {
    for (const asked of everyKey()) {
      const entry = life.cache?.peek(keyOf(asked).text(asked.params), life.process.now());
      if (entry === undefined) continue;
      for (const seen of seenIn(asked, entry.value, entry.partial)) {
        const wrong = differing(sim, life, seen);
        if (wrong !== undefined) sim.world.violate(`I2/I3: at rest ${life.name} holds ${wordsOf(asked)}: ${wrong}`);
      }
    }
  }
}

function differing(sim: Simulation, { name }: Life, seen: Seen): string | undefined {
  const partition = "row" in seen ? seen.row.split("/").slice(0, 2).join("/") : seen.partition;
  const live = sim.database.truth(partition);
  if ("partition" in seen) {
    const excused = sim.history.rowsOf(partition).filter((row) => unknownTo(sim, name, row).length > 0);
    const differ = Math.abs(live.length - seen.rows);
    return differ <= excused.length ? undefined : `${seen.rows} rows, not ${live.length}`;
  }
  const clustering = Number(seen.row.split("/")[2] ?? 0);
  const row = live.find((of) => of.clustering === clustering)?.row;
  const [value] = row === undefined ? [] : Object.values(row).filter((of) => typeof of === "string");
  const there = value === undefined ? undefined : Number(value.slice(1));
  const isExcused = unknownTo(sim, name, seen.row).some((of) => explains(of, [seen.version, there], sim.agenda.nowMs));
  if (there === seen.version || isExcused) return undefined;
  return `${seen.row} is ${said(seen.version)}, and in the database ${said(there)}`;
}

const said = (version: number | undefined): string => (version === undefined ? "absent" : `w${version}`);

/** What was done to this row that this frontend need not know of. */
const unknownTo = ({ history, excuses, agenda }: Simulation, reader: string, row: string): readonly EffectOf[] =>
  history
    .effectsOn(row)
    .filter(({ write }) => excuses.isUnknownTo(write, reader) || excuses.isExcused(write, reader, agenda.nowMs));

/** It is what is held, or what is there; or nothing is there because of it. */
const explains = ({ write, effect }: EffectOf, versions: readonly (number | undefined)[], nowMs: number): boolean =>
  !write.isVoid && (versions.includes(write.n) || effect.kind !== "put" || write.expiresAtMs <= nowMs);

/** Rule 11: what a living writer could not announce when it was due, it has announced by now; and its times have only grown. */
export function checkWriters({ lives, history, world }: Simulation): void {
  for (const { name, startedAtMs, begun } of lives) {
    const [owed] = history.owed(startedAtMs, name);
    if (owed !== undefined) world.violate(`rule 11: ${name} has never announced w${owed.n}`);
    const given = begun.flatMap(({ givenTimestamp }) => givenTimestamp ?? []);
    if (given.some((timestamp, i) => timestamp <= (given[i - 1] ?? 0)))
      world.violate(`times: ${name} gave a later write an earlier time`);
  }
}

/**
 * I5, as far as it can be seen from outside: a loss that a living process has seen is known to every frontend; unless the log has gone back
 * once more since, and what told of the loss is lost, too.
 */
export function checkLosses(sim: Simulation): void {
  const seenAtMs = Math.max(-1, ...sim.lives.map((life) => life.sawRollbackAtMs ?? -1));
  if (sim.excuses.rewoundSince(seenAtMs)) return;
  for (const { name, cache } of sim.lives) {
    if (cache !== undefined && sim.excuses.missedRewind(name, 0, seenAtMs))
      sim.world.violate(`I5: ${name} has not dropped what it held before the log lost messages, which others saw`);
  }
}
