import { describe, expect, it } from "vitest";
import { sequence } from "../../src/protocol/position.ts";
import { addRequest, createResponder, nextTick, tickAcked, tickFailed } from "../../src/protocol/responder.ts";
import { checkStored, createWitness, hasLost, noteStored } from "../../src/protocol/witness.ts";
import { E1, E2 } from "./support.ts";

const pos = (n: number, epoch = E1) => ({ epoch, sequence: sequence(n) });

describe("I5: a pulse is answered with a tick whose sending began after the request", () => {
  it("a request that comes while a tick is under way waits for the next", () => {
    const [responder, witness] = [createResponder(), createWitness()];
    addRequest(responder, 1);
    expect(nextTick(responder, witness, "a")).toEqual({ tick: "a", flush: false });
    addRequest(responder, 2);
    expect(nextTick(responder, witness, "b")).toBeUndefined();
    expect(tickAcked(responder, witness, pos(5))).toEqual({ requests: [1], pulse: { ...pos(5), tick: "a" } });
    nextTick(responder, witness, "b");
    expect(tickAcked(responder, witness, pos(6))).toEqual({ requests: [2], pulse: { ...pos(6), tick: "b" } });
  });

  it("requests that wait share one tick, and without any none is sent", () => {
    const [responder, witness] = [createResponder(), createWitness()];
    expect(nextTick(responder, witness, "a")).toBeUndefined();
    for (const request of [1, 2, 3]) addRequest(responder, request);
    nextTick(responder, witness, "a");
    expect(tickAcked(responder, witness, pos(5)).requests).toEqual([1, 2, 3]);
  });

  it("a tick that was not acknowledged refuses those who waited for it", () => {
    const [responder, witness] = [createResponder(), createWitness()];
    addRequest(responder, 1);
    nextTick(responder, witness, "a");
    expect(tickFailed(responder)).toEqual({ requests: [1], pulse: undefined });
  });

  it("requests beyond the limit are refused", () => {
    const responder = createResponder();
    for (let i = 0; i < 10_000; i++) expect(addRequest(responder, i)).toBe(true);
    expect(addRequest(responder, 10_000)).toBe(false);
  });
});

describe("I5: a log that gives an acknowledged sequence again has lost messages", () => {
  it("the pulse is refused, and the next tick tells every frontend to flush", () => {
    const [responder, witness] = [createResponder(), createWitness()];
    noteStored(witness, pos(10));
    addRequest(responder, 1);
    nextTick(responder, witness, "a");
    expect(tickAcked(responder, witness, pos(8)).pulse).toBeUndefined();
    expect(nextTick(responder, witness, "b")).toEqual({ tick: "b", flush: true });
    tickAcked(responder, witness, pos(9));
    expect(hasLost(witness)).toBe(false);
    expect(nextTick(responder, witness, "c")).toBeUndefined();
  });

  it("a loss that another message shows while the tick is under way refuses the pulse as well", () => {
    const [responder, witness] = [createResponder(), createWitness()];
    noteStored(witness, pos(10));
    addRequest(responder, 1);
    nextTick(responder, witness, "a");
    checkStored(witness, pos(10), pos(10));
    expect(tickAcked(responder, witness, pos(11)).pulse).toBeUndefined();
  });

  it("a flush that was not acknowledged is sent again", () => {
    const [responder, witness] = [createResponder(), createWitness()];
    noteStored(witness, pos(10));
    checkStored(witness, pos(10), pos(9));
    nextTick(responder, witness, "a");
    tickFailed(responder);
    expect(nextTick(responder, witness, "b")).toEqual({ tick: "b", flush: true });
  });

  it("a second loss while the flush is under way asks for a second flush, for the first may be lost too", () => {
    const [responder, witness] = [createResponder(), createWitness()];
    checkStored(witness, pos(10), pos(9));
    nextTick(responder, witness, "a");
    checkStored(witness, pos(12), pos(11));
    tickAcked(responder, witness, pos(12));
    expect(nextTick(responder, witness, "b")).toEqual({ tick: "b", flush: true });
  });

  it("another epoch is no loss: its frontends flush by themselves", () => {
    const witness = createWitness();
    expect(checkStored(witness, pos(10), pos(1, E2))).toBe(false);
    expect(witness.highest).toEqual(pos(1, E2));
  });

  it("acknowledgements that come out of order are no loss", () => {
    const witness = createWitness();
    noteStored(witness, pos(10));
    const [first, second] = [witness.highest, witness.highest];
    expect(checkStored(witness, second, pos(12))).toBe(false);
    expect(checkStored(witness, first, pos(11))).toBe(false);
    expect(witness.highest).toEqual(pos(12));
  });
});
