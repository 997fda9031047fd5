import type { Core } from "./core.ts";
import { reconnect } from "./currency-delivery.ts";
import { answerAll, sendProbe, sendTick } from "./currency-pulses.ts";
import { effectsOf, now, sliceOf, store, tickBody, type World } from "./currency-world.ts";

/** For L1: from here on nothing goes wrong any more. True if one of the next few probes is proven. */
export function isProvenInTheEnd(core: Core, world: World): boolean {
  const { front, asked } = world;
  const before = asked.length;
  if (!front.feed.connected) reconnect(core, world);
  for (let round = 0; round < 60; round++) {
    if (deliverOne(core, world) || pulseOnce(core, world)) continue;
    if (front.proof.provenAt !== undefined && front.proof.provenAt.monotonicMs > before) return true;
    if (asked.length > before + 4) return false;
    if (!front.feed.cold) sendProbe(core, world);
  }
  return false;
}

function deliverOne(core: Core, world: World): boolean {
  const record = world.net.shift() ?? world.late;
  if (record === world.late) world.late = undefined;
  if (record !== undefined) core.follow.onRecord(world.front, record, now(world), effectsOf(world));
  if (record !== undefined || world.pending === undefined) return record !== undefined;
  const { readId, from } = world.pending;
  world.pending = undefined;
  core.follow.onSlice(world.front, readId, sliceOf(world.log, from), now(world), effectsOf(world));
  return world.pending === undefined; // a read that only asks for the next one brings nothing
}

function pulseOnce(core: Core, world: World): boolean {
  const { responder, witness, front } = world;
  const request = world.requests.shift();
  if (request !== undefined) core.responder.addRequest(responder, request);
  if (world.flying === undefined && (responder.waiting.length > 0 || core.witness.hasLost(witness)))
    sendTick(core, world);
  if (world.flying !== undefined) {
    const { name, flush } = world.flying;
    const at = world.flying.at ?? store(world, tickBody(name, flush));
    world.flying = undefined;
    answerAll(world, core.responder.tickAcked(responder, witness, at));
    return true;
  }
  const answer = world.answers.shift();
  if (answer === undefined) return request !== undefined;
  core.proof.answerProbe(front.proof, answer.probe, answer.pulse);
  core.proof.proveFrom(front.proof, front.feed.epoch, front.feed.applied);
  return true;
}
