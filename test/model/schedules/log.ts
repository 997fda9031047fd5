import type { Effects } from "../../../src/protocol/frontend.ts";
import { epoch, sequence } from "../../../src/protocol/position.ts";
import type { Core } from "../core.ts";
import { at, E, F, messageBody, recordOf, row, S, type Schedule, stage, tickBody } from "./stage.ts";

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

/** 3 is lost on the way and 4 heard; then the log loses both, the connection breaks, and others take their place. */
export const heardBeforeTheRollback: Schedule = (core) => {
  const on = stage(core);
  on.hear(4, tickBody("t4"));
  const load = core.load.beginLoad(on.state, row(1), "strong", true, at(0));
  core.follow.onDisconnected(on.state);
  core.follow.onConnected(on.state, at(0), on.effects);
  const keys = messageBody(core, "keys", "w1", { keys: ["r1"] });
  on.slice(4, [recordOf(2, tickBody("t2")), recordOf(3, tickBody("n3"), "'"), recordOf(4, keys, "'")]);
  if (on.state.feed.phase !== "live") return "L1: the log is read over and over";
  const servable = core.coherence.isCurrent(on.state.coherence, load.copy) && on.state.feed.applied >= 4;
  return servable ? "I5: 4 counts as applied, and its keys were not touched" : undefined;
};

/** 4 is heard beyond a gap; the log loses 3 and 4, the connection breaks, and others take their place: the new 4 is heard live. */
export const heardInPlaceOfAnother: Schedule = (core) => {
  const on = stage(core);
  const probe = core.proof.beginProbe(on.state.proof, at(1));
  on.hear(4, tickBody("t4"));
  const load = core.load.beginLoad(on.state, row(1), "strong", true, at(1));
  core.follow.onDisconnected(on.state);
  core.follow.onConnected(on.state, at(1), on.effects);
  on.slice(3, [recordOf(2, tickBody("t2")), recordOf(3, tickBody("n3"), "'")]);
  on.hear(4, tickBody("n4"), at(1), "'");
  core.proof.answerProbe(on.state.proof, probe, { epoch: E, sequence: sequence(4), tick: "t4" });
  core.proof.proveFrom(on.state.proof, on.state.feed.epoch, on.state.feed.applied);
  const isBelieved = core.load.isProven(on.state, at(1)) && core.coherence.isCurrent(on.state.coherence, load.copy);
  return isBelieved ? "I5: the tick of a probe was lost with what was before it, and is proof" : undefined;
};

/** A frontend hears a record before its cold start is answered; the log is made anew, and answers from its new life. */
export const madeAnewInAColdStart: Schedule = (core) => {
  const { state, effects } = coldStage(core);
  const before = { ...recordOf(5, tickBody("old5")), epoch: epoch("before") };
  core.follow.onRecord(state, before, at(0), effects);
  const records = [recordOf(3, tickBody("t3")), recordOf(4, tickBody("t4"))];
  const extent = { epoch: E, first: sequence(1), last: sequence(4) };
  core.follow.onSlice(state, state.feed.read, { ...extent, records }, at(0), effects);
  return state.feed.applied === 4 ? undefined : "I5: a record of another life of the log counts as applied";
};

/** The log has dropped what was before the first record that a cold start reads, which may be young, too. */
export const logForgotTheFirst: Schedule = (core) => {
  const { state, effects } = coldStage(core);
  const extent = { epoch: E, first: sequence(3), last: sequence(3) };
  core.follow.onSlice(state, state.feed.read, { ...extent, records: [recordOf(3, tickBody("t3"))] }, at(0), effects);
  return state.windows.allOpen > 0 ? undefined : "I3: a cold start trusts a log that may have dropped a fence";
};

function coldStage(core: Core) {
  const settings = core.settings.protocolSettings({ fenceMs: F, settleMs: S });
  const state = core.frontend.createFrontend({ settings, spec: "spec", tables: ["t"], weak: false });
  const effects: Effects = { evict: () => {}, changed: () => {}, read: () => {} };
  core.follow.onConnected(state, at(0), effects);
  return { state, effects };
}
