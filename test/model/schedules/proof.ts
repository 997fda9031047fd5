import type { Instant } from "../../../src/protocol/instant.ts";
import { sequence } from "../../../src/protocol/position.ts";
import type { Core } from "../core.ts";
import { at, B, E, type Schedule, stage, tickBody } from "./stage.ts";

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

/** The log answers within half the bound, and is asked twenty times a second until then. */
export const slowAnswers: Schedule = (core) => {
  const { state, hear } = stage(core);
  const first = core.proof.beginProbe(state.proof, at(0));
  for (let ms = 50; ms <= B / 2; ms += 50) core.proof.beginProbe(state.proof, at(ms));
  core.proof.answerProbe(state.proof, first, { epoch: E, sequence: sequence(3), tick: "t3" });
  hear(3, tickBody("t3"), at(B / 2));
  return core.load.isProven(state, at(B / 2)) ? undefined : "L1: no proof comes, though every probe is answered";
};

/** The log goes back while the flush that tells of an earlier loss is on its way to it. */
export const lossBesideAFlush: Schedule = (core) => {
  const [witness, responder] = [core.witness.createWitness(), core.responder.createResponder()];
  const stored = (n: number) => ({ epoch: E, sequence: sequence(n) });
  core.witness.noteStored(witness, stored(9));
  core.witness.checkStored(witness, witness.highest, stored(5));
  core.responder.addRequest(responder, 1);
  core.responder.nextTick(responder, witness, "t1");
  core.witness.checkStored(witness, witness.highest, stored(3));
  const { pulse } = core.responder.tickAcked(responder, witness, stored(6));
  if (pulse !== undefined) return "I5: a pulse is answered though no flush tells of the later loss";
  return core.responder.nextTick(responder, witness, "t2")?.flush ? undefined : "I5: no flush tells of the later loss";
};

/** The log went back once, and everybody was told. */
export const lossIsOver: Schedule = (core) => {
  const [witness, responder] = [core.witness.createWitness(), core.responder.createResponder()];
  const stored = (n: number) => ({ epoch: E, sequence: sequence(n) });
  core.witness.noteStored(witness, stored(9));
  core.witness.checkStored(witness, witness.highest, stored(5));
  for (const n of [6, 7]) {
    core.responder.addRequest(responder, n);
    core.responder.nextTick(responder, witness, `t${n}`);
    const { pulse } = core.responder.tickAcked(responder, witness, stored(n));
    if (pulse === undefined) return "L1: pulses are refused, though a flush told of the loss";
  }
  return undefined;
};

/** A tick is on its way when an invalidation of the same process is acknowledged; the log loses that, and stores the tick in its place. */
export const acknowledgedTwice: Schedule = (core) => {
  const [witness, responder] = [core.witness.createWitness(), core.responder.createResponder()];
  const stored = (n: number) => ({ epoch: E, sequence: sequence(n) });
  core.witness.checkStored(witness, undefined, stored(3));
  core.responder.addRequest(responder, 1);
  core.responder.nextTick(responder, witness, "t1");
  if (core.witness.checkStored(witness, stored(3), stored(4)))
    return "L1: the log did not go back, and a flush goes out";
  const { pulse } = core.responder.tickAcked(responder, witness, stored(4));
  return pulse === undefined
    ? undefined
    : "I5: the place of an acknowledged message was given again, and nobody is told";
};
