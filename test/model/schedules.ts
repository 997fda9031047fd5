import type { FeedRecord } from "../../src/protocol/follow.ts";
import type { Effects, FrontendState } from "../../src/protocol/frontend.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import type { Names, Subject } from "../../src/protocol/names.ts";
import { epoch, sequence } from "../../src/protocol/position.ts";
import type { ProtocolSettings } from "../../src/protocol/settings.ts";
import type { Core } from "./core.ts";

/**
 * One schedule, played to the end: for rules of time and of room, where the models stand still. Says which invariant broke, and how.
 */
export type Schedule = (core: Core) => string | undefined;

const F = 30_000;
const S = 10_000;
const B = 10_000;
const E = epoch("E");
const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms });
const NO_NAMES: Names = { keys: [], partitions: [], tables: [] };
const row = (n: number): Subject => ({ key: `r${n}`, partitions: [`t/${n}`], tables: ["t"] });

interface Stage {
  readonly state: FrontendState;
  readonly effects: Effects;
  readonly evicted: string[];
  hear(n: number, body: string, now?: Instant, life?: string): void;
  fence(n: number, write: string, names: Partial<Names>, now?: Instant, conditional?: true): void;
  slice(last: number, records: readonly FeedRecord[], first?: number): void;
}

const recordOf = (n: number, body: string, life = ""): FeedRecord => ({
  epoch: E,
  sequence: sequence(n),
  storedAt: `t${n}${life}`,
  body,
});

/** A frontend that has applied records 1 and 2. */
function stage(core: Core, weak = false, settings: Partial<ProtocolSettings> = {}): Stage {
  const state = core.frontend.createFrontend({
    settings: core.settings.protocolSettings({ fenceMs: F, settleMs: S, boundMs: B, ...settings }),
    spec: "spec",
    tables: ["t"],
    weak,
  });
  const evicted: string[] = [];
  const effects: Effects = { evict: (key) => evicted.push(key), read: () => {}, changed: () => {} };
  const slice: Stage["slice"] = (last, records, first = 1) => {
    const extent = { epoch: E, first: sequence(first), last: sequence(last) };
    core.follow.onSlice(state, state.feed.read, { ...extent, records }, at(0), effects);
  };
  core.follow.onConnected(state, at(0), effects);
  slice(2, [recordOf(2, tickBody("t2"))]);
  return {
    state,
    effects,
    evicted,
    slice,
    hear: (n, body, now = at(0), life = "") => core.follow.onRecord(state, recordOf(n, body, life), now, effects),
    fence: (n, write, names, now = at(0), conditional = undefined) =>
      core.follow.onRecord(state, recordOf(n, messageBody(core, "fence", write, names, conditional)), now, effects),
  };
}

const tickBody = (name: string): string => JSON.stringify({ kind: "tick", v: 1, tick: name });

function messageBody(
  core: Core,
  kind: "fence" | "keys",
  write: string,
  names: Partial<Names>,
  conditional?: true,
): string {
  const [part] = core.announce.partsOf({ ...NO_NAMES, ...names, about: ["t"] });
  if (part === undefined) throw new Error("no part");
  const of = { id: write, spec: "spec", conditional: conditional === true };
  return core.message.encodeMessage(core.announce.announce(kind, part, of));
}

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

const provenBy = (core: Core, now: Instant): boolean => {
  const on = stage(core);
  core.proof.beginProbe(on.state.proof, at(0));
  core.proof.answerProbe(on.state.proof, 1, { epoch: E, sequence: sequence(3), tick: "t3" });
  on.hear(3, tickBody("t3"));
  return core.load.isProven(on.state, now);
};

/** A machine that slept, a wall clock set back, and nothing of the kind. */
export const proofGrowsOld: Schedule = (core) => {
  if (!provenBy(core, at(B))) return "L1: not proven, though the proof is as old as the bound";
  const late: readonly (readonly [string, Instant])[] = [
    ["the proof is older than the bound", at(B + 1)],
    ["the machine slept", { monotonicMs: 1, wallMs: B + 1 }],
    ["the wall clock was set back", { monotonicMs: B + 1, wallMs: -B }],
  ];
  const [why] = late.find(([, now]) => provenBy(core, now)) ?? [];
  return why && `I4: ${why}, and a request is answered from memory`;
};

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

/** The writer's process stood still between its fence and its write. */
export const writerStoodStill: Schedule = (core) => {
  const rules = { fenceMs: F, databaseDeadlineMs: 10_000, onLogDown: "fail" } as const;
  const step = core.write.stepWrite(core.write.beginWrite(at(0)), { type: "fence-acked" }, at(F - 9_999), rules);
  const writes = step.effects.some(({ type }) => type === "write-database");
  return writes ? "I3: a write is sent that may land after its fence has ended everywhere" : undefined;
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

/** Fences of the last F + S may still be open when a frontend starts. */
export const coldStartLooksBack: Schedule = (core) => {
  const state = core.frontend.createFrontend({
    settings: core.settings.protocolSettings({ fenceMs: F, settleMs: S }),
    spec: "spec",
    tables: ["t"],
    weak: false,
  });
  let fromMs = Number.POSITIVE_INFINITY;
  const read: Effects["read"] = (_read, from) => {
    if ("storedAtMs" in from) fromMs = from.storedAtMs;
  };
  core.follow.onConnected(state, at(1_000_000), { evict: () => {}, changed: () => {}, read });
  return fromMs > 1_000_000 - F - S ? "I3: a cold start does not look back over F + S" : undefined;
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

/** 3 is lost on the way and 4 heard; then the log loses both, the connection breaks, and others take their place. */
export const heardBeforeTheRollback: Schedule = (core) => {
  const on = stage(core);
  on.hear(4, tickBody("t4"));
  const load = core.load.beginLoad(on.state, row(1), "strong", true, at(0));
  core.follow.onDisconnected(on.state);
  core.follow.onConnected(on.state, at(0), on.effects);
  const keys = messageBody(core, "keys", "w1", { keys: ["r1"] });
  on.slice(4, [recordOf(2, tickBody("t2")), recordOf(3, tickBody("n3"), "'"), recordOf(4, keys, "'")]);
  const servable = core.coherence.isCurrent(on.state.coherence, load.copy) && on.state.feed.applied >= 4;
  return servable ? "I5: 4 counts as applied, and its keys were not touched" : undefined;
};

/** The log answers within half the bound, and is asked twenty times a second until then. */
export const slowAnswers: Schedule = (core) => {
  const { state, hear } = stage(core);
  const first = core.proof.beginProbe(state.proof, at(0));
  for (let ms = 50; ms <= B / 2; ms += 50) core.proof.beginProbe(state.proof, at(ms));
  core.proof.answerProbe(state.proof, first, { epoch: E, sequence: sequence(3), tick: "t3" });
  hear(3, tickBody("t3"), at(B / 2));
  return core.load.isProven(state, at(B / 2)) ? undefined : "L1: no proof comes, though every probe is answered";
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
