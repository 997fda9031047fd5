import type { PulseAnswer, Responder } from "../../src/protocol/responder.ts";
import type { Witness } from "../../src/protocol/witness.ts";
import { delay, publish, type Sim } from "./sim-world.ts";

/** A process that answers pulses. */
export interface SimResponder {
  readonly witness: Witness;
  /** Answers after a while; undefined if it is refused. */
  ask(answer: (pulse: PulseAnswer | undefined) => void): void;
}

export function createSimResponder(sim: Sim, name: string): SimResponder {
  const { core, agenda } = sim;
  const responder: Responder = core.responder.createResponder();
  const witness = core.witness.createWitness();
  const waiting = new Map<number, (pulse: PulseAnswer | undefined) => void>();
  let requests = 0;
  let ticks = 0;

  const tick = (): void => {
    const next = core.responder.nextTick(responder, witness, `${name}-${ticks++}`);
    if (next === undefined) return;
    const { tick: named, flush } = next;
    const body = core.message.encodeMessage({ kind: "tick", v: 1, tick: named, ...(flush && { flush: true }) });
    publish(sim, body, undefined, (at) => {
      const { tickAcked, tickFailed } = core.responder;
      const answered = at === undefined ? tickFailed(responder) : tickAcked(responder, witness, at);
      for (const request of answered.requests) {
        waiting.get(request)?.(answered.pulse);
        waiting.delete(request);
      }
      tick();
    });
  };

  return {
    witness,
    ask: (answer) => {
      agenda.after(delay(sim, 20), () => {
        waiting.set(requests, (pulse) => agenda.after(delay(sim, 20), () => answer(pulse)));
        core.responder.addRequest(responder, requests++);
        tick();
      });
    },
  };
}
