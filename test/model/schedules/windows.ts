import type { Instant } from "../../../src/protocol/instant.ts";
import type { Core } from "../core.ts";
import { at, F, messageBody, row, S, type Schedule, type Stage, stage } from "./stage.ts";

const isServableAfter = (core: Core, { state, effects }: Stage, times: readonly Instant[]): boolean => {
  const load = core.load.beginLoad(state, row(1), "strong", true, at(1));
  core.load.finishLoad(state, load);
  for (const now of times) core.frontend.advance(state, now, effects);
  return core.coherence.isCurrent(state.coherence, load.copy);
};

const everySecond = (untilMs: number): Instant[] => Array.from({ length: untilMs / 1_000 }, (_, i) => at(i * 1_000));

/** A write lands in the last moment of its fence, its writer is dead, and one replica has it only S later. */
export const landsLateInWeakMode: Schedule = (core) => {
  const on = stage(core, true);
  on.fence(3, "w1", { keys: ["r1"] });
  on.state.proof.provenAt = at(F);
  core.frontend.advance(on.state, at(F + 1), on.effects);
  const load = core.load.beginLoad(on.state, row(1), "weak", true, at(F + 1));
  if (load.level === "weak") return "I3: a weak load after the fence, with nothing to touch what it finds";
  core.frontend.advance(on.state, at(F + S), on.effects);
  return core.coherence.isCurrent(on.state.coherence, load.copy)
    ? "I3: nothing touched it once all replicas agree"
    : undefined;
};

/** The wall clock was an hour fast, and was put right between two fences. */
export const wallClockPutRight: Schedule = (core) => {
  const on = stage(core);
  on.fence(3, "w2", { keys: ["r2"] }, { monotonicMs: 0, wallMs: 3_600_000 });
  on.fence(4, "w1", { keys: ["r1"] }, at(0));
  const servable = isServableAfter(core, on, [at(F + 1)]) && !on.evicted.includes("r1");
  return servable ? "I3: the window of a write is open though its time has passed on both clocks" : undefined;
};

export const wallClockSetForward: Schedule = (core) => {
  const on = stage(core);
  on.fence(3, "w1", { keys: ["r1"] });
  core.frontend.advance(on.state, { monotonicMs: F - 1, wallMs: 2 * F }, on.effects);
  core.frontend.advance(on.state, { monotonicMs: F, wallMs: F - 1 }, on.effects);
  return on.evicted.includes("r1") ? "I3: a window ended while its write could still land" : undefined;
};

/** More fences than there is room for, one of them an orphan, and no end of others. */
export const rushWithoutRoom: Schedule = (core) => {
  const on = stage(core, false, { maxWindows: 1 });
  on.fence(3, "w0", { keys: ["r1"] });
  on.fence(4, "w1", { keys: ["r2"] });
  const load = core.load.beginLoad(on.state, row(1), "strong", true, at(1));
  core.load.finishLoad(on.state, load);
  for (let i = 2; i < 100; i++) on.fence(3 + i, `w${i}`, { keys: ["r2"] }, at(i * 1_000));
  const servable = core.coherence.isCurrent(on.state.coherence, load.copy) && !on.evicted.includes("r1");
  return servable ? "I3: a fence ended long ago, and its key was never touched" : undefined;
};

/** An orphaned write may surface while its hint is kept. */
export const orphanLivesShort: Schedule = (core) => {
  const on = stage(core);
  on.fence(3, "w1", { keys: ["r1"] }, at(0), true);
  for (const now of everySecond(F + 2_000)) core.frontend.advance(on.state, now, on.effects);
  const { ttlCapMs, level } = core.load.beginLoad(on.state, row(1), "strong", true, at(F + 1));
  if (ttlCapMs === undefined) return "I3: a key whose write was orphaned lives as long as any other";
  return level === "serial" ? undefined : "I3: an undecided conditional write is not decided by the reads after it";
};

/** A window that has no room of its own is one on its table: of its write it still says that it was conditional. */
export const conditionalWithoutRoom: Schedule = (core) => {
  const on = stage(core, false, { maxWindows: 1 });
  on.fence(3, "w1", { keys: ["r1"] }, at(0), true);
  on.fence(4, "w2", { keys: ["r2"] });
  core.frontend.advance(on.state, at(F), on.effects);
  return levelOfNext(core, on, F) === "serial"
    ? undefined
    : "I3: a conditional write was orphaned, and nobody decides it";
};

/** Two orphans, and room for one name. */
export const orphansWithoutRoom: Schedule = (core) => {
  const on = stage(core, false, { maxOrphans: 1 });
  for (const n of [1, 2]) on.fence(2 + n, `w${n}`, { keys: [`r${n}`] });
  core.frontend.advance(on.state, at(F), on.effects);
  const { ttlCapMs } = core.load.beginLoad(on.state, row(2), "strong", true, at(F));
  return ttlCapMs === undefined ? "I3: a key whose write was orphaned lives as long as any other" : undefined;
};

/** A conditional write is orphaned, and then one that is not. */
export const orphanedTwice: Schedule = (core) => {
  const on = stage(core);
  on.fence(3, "w1", { keys: ["r1"] }, at(0), true);
  on.fence(4, "w2", { keys: ["r1"] }, at(1));
  core.frontend.advance(on.state, at(F), on.effects);
  core.frontend.advance(on.state, at(F + 1), on.effects);
  return levelOfNext(core, on, F + 1) === "serial"
    ? undefined
    : "I3: the later orphan hides that the first was conditional";
};

/** The wall clock is set forward by more than hints are kept; then they are dropped indeed. */
export const hintsAreDropped: Schedule = (core) => {
  const on = stage(core, false, { hintWindowMs: HINTS });
  on.fence(3, "w1", { keys: ["r1"] });
  core.frontend.advance(on.state, at(F), on.effects);
  on.fence(4, "w2", { keys: ["r2"] }, at(F));
  core.frontend.advance(on.state, { monotonicMs: 2 * F, wallMs: 2 * HINTS }, on.effects);
  if (ttlCapOfNext(core, on) === undefined) return "I3: an orphan is forgotten while its hint may be delivered";
  on.fence(5, "w3", { keys: ["r3"] }, at(2 * HINTS));
  core.frontend.advance(on.state, at(2 * HINTS + F), on.effects);
  return ttlCapOfNext(core, on) === undefined ? undefined : "L1: an orphan is remembered for ever";
};

/** A fence is stored again before its keys: there is one window, and they close it. */
export const fenceHeardTwice: Schedule = (core) => {
  const on = stage(core, true);
  for (const n of [3, 4]) on.fence(n, "w1", { keys: ["r1"] });
  on.hear(5, messageBody(core, "keys", "w1", { keys: ["r1"] }));
  core.frontend.advance(on.state, at(S), on.effects);
  on.state.proof.provenAt = at(S);
  const { level } = core.load.beginLoad(on.state, row(1), "weak", true, at(S));
  return level === "weak" ? undefined : "L1: no window is open, and loads are strong for ever";
};

const HINTS = 600_000;

const levelOfNext = (core: Core, { state }: Stage, ms: number): string =>
  core.load.beginLoad(state, row(1), "strong", true, at(ms)).level;

const ttlCapOfNext = (core: Core, { state }: Stage): number | undefined =>
  core.load.beginLoad(state, row(1), "strong", true, at(0)).ttlCapMs;

/** An orphan that is orphaned anew is the youngest: those behind it are forgotten before it. */
export const orphanedAnew: Schedule = (core) => {
  const on = stage(core, false, { hintWindowMs: HINTS });
  on.fence(3, "w1", { keys: ["r2"] });
  on.fence(4, "w2", { keys: ["r1"] });
  core.frontend.advance(on.state, at(F), on.effects);
  on.fence(5, "w3", { keys: ["r2"] }, at(HINTS - F));
  core.frontend.advance(on.state, at(HINTS), on.effects);
  on.fence(6, "w4", { keys: ["r3"] }, at(HINTS));
  core.frontend.advance(on.state, at(HINTS + F), on.effects);
  return ttlCapOfNext(core, on) === undefined
    ? undefined
    : "L1: an orphan outlives its hint, because an older one was renewed";
};

/** A write is done: its fence is closed, and ends as nobody's. */
export const doneIsDone: Schedule = (core) => {
  const on = stage(core);
  on.fence(3, "w1", { keys: ["r1"] });
  on.hear(4, messageBody(core, "keys", "w1", { keys: ["r1"] }));
  on.evicted.length = 0;
  core.frontend.advance(on.state, at(F), on.effects);
  if (on.evicted.length > 0) return "L1: an entry is dropped for a write that was done long before";
  return ttlCapOfNext(core, on) === undefined ? undefined : "L1: a key lives short, though its write was done";
};

/** Two fences, a second apart, and time that passes by the second: each window ends, at its own time, once. */
export const eachWindowEnds: Schedule = (core) => {
  const on = stage(core);
  on.fence(3, "w1", { keys: ["r1"] }, at(0));
  on.fence(4, "w2", { keys: ["r2"] }, at(1_000));
  for (const now of everySecond(F)) core.frontend.advance(on.state, now, on.effects);
  if (on.evicted.length > 0) return "I3: a window ended before its time";
  for (const ms of [0, 1_000, 2_000]) core.frontend.advance(on.state, at(F + ms), on.effects);
  if (!on.evicted.includes("r1") || !on.evicted.includes("r2")) return "I3: a window never ends";
  return on.evicted.length === 2 ? undefined : "L1: a window ends again and again";
};

/** The wall clock is set back by F while a fence is open: it ends once F has passed on that clock, too. */
export const wallClockSetBack: Schedule = (core) => {
  const on = stage(core);
  on.fence(3, "w1", { keys: ["r1"] });
  core.frontend.advance(on.state, { monotonicMs: F, wallMs: 0 }, on.effects);
  if (on.evicted.length > 0) return "I3: a window ended though its time has not passed on both clocks";
  core.frontend.advance(on.state, { monotonicMs: 2 * F, wallMs: F }, on.effects);
  return on.evicted.includes("r1") ? undefined : "I3: a window never ends";
};
