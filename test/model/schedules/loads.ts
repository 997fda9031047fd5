import { epoch, sequence } from "../../../src/protocol/position.ts";
import { at, B, E, messageBody, NO_NAMES, recordOf, row, type Schedule, stage, tickBody } from "./stage.ts";

/** In weak mode a load without proof may not trust that no window is open. */
export const weakWithoutProof: Schedule = (core) => {
  const { state } = stage(core, true);
  state.proof.provenAt = at(0);
  const isWeak = (keep: boolean, ms: number) =>
    core.load.beginLoad(state, row(1), "weak", keep, at(ms)).level === "weak";
  if (!isWeak(true, B)) return "L1: strong though proven and without a window";
  if (isWeak(true, B + 1)) return "I4: a weak load without proof";
  return isWeak(false, B) ? "I4: a weak bypass, which one without proof may join" : undefined;
};

/** The view passes the bound on dependencies with its second key; then that key is touched. */
export const tooManyDependencies: Schedule = (core) => {
  const { state } = stage(core);
  const load = core.load.beginLoad(state, { key: "view", partitions: [], tables: [] }, "strong", true, at(0));
  for (const n of [1, 2]) core.coherence.addDependency(state.coherence, load.copy, row(n), 3);
  const stored = core.load.finishLoad(state, load);
  core.coherence.touch(state.coherence, { ...NO_NAMES, partitions: ["t/2"] }, () => {});
  const servable = stored && core.coherence.isCurrent(state.coherence, load.copy);
  return servable ? "I1: a view is servable after a touch of what it read" : undefined;
};

/** A key of a table that the frontend was not told of. */
export const undeclaredTable: Schedule = (core) => {
  const { state } = stage(core);
  const load = core.load.beginLoad(state, { key: "k", partitions: [], tables: ["unheard"] }, "strong", true, at(0));
  core.load.finishLoad(state, load);
  core.coherence.touch(state.coherence, { ...NO_NAMES, tables: ["unheard"] }, () => {});
  return core.coherence.isCurrent(state.coherence, load.copy)
    ? "I1: a value is servable after a touch of its table"
    : undefined;
};

/** Views that a flush outdated, which nobody asks for again. */
export const viewsOfBefore: Schedule = (core) => {
  const { state } = stage(core);
  const storeView = (key: string): boolean => {
    const load = core.load.beginLoad(state, { key, partitions: [], tables: [] }, "strong", true, at(0));
    core.coherence.addDependency(state.coherence, load.copy, row(1), 2);
    return core.load.finishLoad(state, load);
  };
  if (!storeView("old")) return "L1: a view within the bound is not kept";
  core.coherence.touchAll(state.coherence);
  return storeView("new") ? undefined : "L1: views of before a flush keep new ones out";
};

/** A bypass that takes longer than the bound. */
export const bypassGrowsOld: Schedule = (core) => {
  const { state } = stage(core);
  const load = core.load.beginLoad(state, row(1), "strong", false, at(0));
  if (!core.load.mayJoinBypass(state, load, at(B)))
    return "L1: a bypass is not joined, though it is younger than the bound";
  return core.load.mayJoinBypass(state, load, at(B + 1))
    ? "I4: a bypass is joined that began longer ago than the bound"
    : undefined;
};

/** Positions of this life of the log, and of one before it. */
export const positionOfAnotherLife: Schedule = (core) => {
  const { state } = stage(core);
  const before = { epoch: epoch("before"), sequence: sequence(1) };
  const asked = core["asked-position"];
  if (asked.hasApplied(state, before)) return "I6: a position of another life of the log counts as applied";
  state.proof.provenAt = at(5);
  if (asked.positionBehind(state, before, at(5)) !== before)
    return "I6: a position is given up though nothing was proven since it was asked for";
  return asked.positionBehind(state, before, at(4)).epoch === E
    ? undefined
    : "L1: a position of a life that is over is kept for ever";
};

/** 5 is applied and proven; then 4 is heard late, which was flushed past, and the feed stands there. Who holds the position 5 keeps it. */
export const positionAfterARegression: Schedule = (core) => {
  const on = stage(core);
  core.follow.onDisconnected(on.state);
  core.follow.onConnected(on.state, at(0), on.effects);
  on.slice(5, [recordOf(5, tickBody("t5"))], 5);
  on.state.proof.provenAt = at(5);
  on.hear(4, tickBody("t4"));
  const asked = { epoch: E, sequence: sequence(5) };
  if (core["asked-position"].hasApplied(on.state, asked))
    return "I5: the feed stands where it stood, though it went back";
  return core["asked-position"].positionBehind(on.state, asked, at(4)) === asked
    ? undefined
    : "I6: the position that the answer gives is behind the one asked for";
};

/** The audit finds a difference: at once, once a later probe is proof, while a write may be landing, and after its keys. */
export const auditJudges: Schedule = (core) => {
  const on = stage(core);
  const load = core.load.beginLoad(on.state, row(1), "strong", true, at(0));
  core.load.finishLoad(on.state, load);
  const judge = () => core.audit.judge(on.state, { copy: load.copy, readAt: at(10) });
  on.state.proof.provenAt = at(10);
  if (judge() === "stale") return "L2: stale, though a fence may be on its way";
  on.state.proof.provenAt = at(11);
  if (judge() !== "stale") return "L2: not stale, though nothing on its way will touch it";
  on.fence(3, "w1", { partitions: ["t/1"] });
  if (judge() === "stale") return "L2: stale, though its fence is open";
  on.hear(4, messageBody(core, "keys", "w1", { partitions: ["t/1"] }));
  return judge() === "stale" ? "L2: stale, though it is touched" : undefined;
};

/** A view is touched as it loads, by its table: it is not stored, and what it held is free for the next. */
export const viewTouchedByTable: Schedule = (core) => {
  const { state } = stage(core);
  const view = { key: "old", partitions: [], tables: ["t"] };
  const load = core.load.beginLoad(state, view, "strong", true, at(0));
  core.coherence.addDependency(state.coherence, load.copy, row(1), 2);
  core.coherence.touch(state.coherence, { ...NO_NAMES, tables: ["t"] }, () => {});
  if (core.load.finishLoad(state, load)) return "I1: a view is stored that was touched as it loaded";
  const next = core.load.beginLoad(state, { ...view, key: "new" }, "strong", true, at(0));
  core.coherence.addDependency(state.coherence, next.copy, row(1), 2);
  if (!core.load.finishLoad(state, next)) return "L1: a view that was not stored keeps others out";
  return state.coherence.flights.size === 0 ? undefined : "L1: a load that is over is kept for ever";
};

/** Loads end in every way there is, touched and untouched: none can be found any more. */
export const loadsEnd: Schedule = (core) => {
  const { state } = stage(core);
  for (const end of [core.load.finishLoad, core.load.abandonLoad]) {
    for (const tables of [[], ["t"]]) {
      const load = core.load.beginLoad(state, row(1), "strong", true, at(0));
      core.coherence.touch(state.coherence, { ...NO_NAMES, tables }, () => {});
      end(state, load);
      if (state.coherence.flights.size > 0) return "L1: a load that is over is kept for ever";
    }
  }
  return undefined;
};
