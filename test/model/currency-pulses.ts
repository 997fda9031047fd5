import type { Core } from "./core.ts";
import type { Change } from "./currency-steps.ts";
import { type CurrencyScenario, has, momentOf, store, tickBody, type World } from "./currency-world.ts";

/** Probes and their answers. */
export function probing(core: Core, scenario: CurrencyScenario, { asked, values, requests, answers }: World): Change[] {
  const steps: Change[] = [];
  if (asked.length < scenario.probes && values.length > 0) {
    steps.push({ label: `frontend sends probe ${asked.length + 1}`, run: (after) => sendProbe(core, after) });
  }
  if (requests.length > 0) {
    steps.push({
      label: `probe ${requests[0]} arrives`,
      run: (after) => {
        const request = after.requests.shift();
        if (request !== undefined) core.responder.addRequest(after.responder, request);
      },
    });
  }
  if (answers.length > 0) {
    steps.push({
      label: `the answer to probe ${answers[0]?.probe} arrives`,
      run: (after) => {
        const answer = after.answers.shift();
        if (answer === undefined) return;
        const { proof, feed } = after.front;
        core.proof.answerProbe(proof, answer.probe, answer.pulse);
        core.proof.proveFrom(proof, feed.epoch, feed.applied);
      },
    });
  }
  return steps;
}

/** The probe asks for every invalidation acknowledged so far. */
export function sendProbe(core: Core, world: World): void {
  world.asked.push(world.values.map((_, i) => i));
  world.requests.push(core.proof.beginProbe(world.front.proof, momentOf(world.asked.length)));
}

/** The responder's ticks. */
export function ticking(core: Core, scenario: CurrencyScenario, world: World): Change[] {
  const { flying } = world;
  const steps: Change[] = world.givenUp.map((body, i) => ({
    label: `a tick given up is stored at last: ${body}`,
    run: (after) => {
      after.givenUp.splice(i, 1);
      store(after, body);
    },
  }));
  if (flying === undefined) return world.ticks < scenario.ticks ? [...steps, ...tickSending(core, world)] : steps;
  const { at } = flying;
  if (at === undefined) {
    steps.push({
      label: `tick ${flying.name} is stored`,
      run: (after) => {
        after.flying = { ...flying, at: store(after, tickBody(flying.name, flying.flush)) };
      },
    });
  } else {
    steps.push({
      label: `tick ${flying.name} is acknowledged`,
      run: (after) => {
        after.flying = undefined;
        answerAll(after, core.responder.tickAcked(after.responder, after.witness, at));
      },
    });
  }
  if (has(scenario, "lost-ack")) {
    steps.push({
      label: `tick ${flying.name} is given up`,
      run: (after) => {
        after.flying = undefined;
        if (at === undefined) after.givenUp.push(tickBody(flying.name, flying.flush));
        answerAll(after, core.responder.tickFailed(after.responder));
      },
    });
  }
  return steps;
}

function tickSending(core: Core, world: World): Change[] {
  if (world.responder.waiting.length === 0 && !core.witness.hasLost(world.witness)) return [];
  return [{ label: `responder sends tick T${world.ticks + 1}`, run: (after) => sendTick(core, after) }];
}

export function sendTick(core: Core, world: World): void {
  const next = core.responder.nextTick(world.responder, world.witness, `T${++world.ticks}`);
  if (next !== undefined) world.flying = { name: next.tick, flush: next.flush, at: undefined };
}

export function answerAll(world: World, { requests, pulse }: ReturnType<Core["responder"]["tickFailed"]>): void {
  for (const probe of requests) world.answers.push({ probe, pulse });
}
