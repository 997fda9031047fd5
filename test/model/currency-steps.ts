import type { Step } from "./check.ts";
import type { Core } from "./core.ts";
import {
  type CurrencyFault,
  type CurrencyScenario,
  effectsOf,
  headOf,
  momentOf,
  now,
  sliceOf,
  store,
  tickBody,
  type World,
  wordOf,
} from "./currency-world.ts";

/** All that can happen next. */
export function currencySteps(core: Core, scenario: CurrencyScenario, world: World): Step<World>[] {
  return [
    ...publishing(core, scenario, world),
    ...hearing(core, scenario, world),
    ...reading(core, scenario, world),
    ...probing(core, scenario, world),
    ...ticking(core, scenario, world),
    ...logFaults(core, scenario, world),
  ];
}

const has = ({ faults }: CurrencyScenario, fault: CurrencyFault): boolean => faults.includes(fault);
const mayStill = (scenario: CurrencyScenario, world: World, fault: CurrencyFault): boolean =>
  has(scenario, fault) && !world.spent.includes(fault);

function invalidationBody(core: Core, n: number): string {
  const [part] = core.announce.partsOf({ keys: [`x${n}`], partitions: [], tables: [], about: ["t"] });
  if (part === undefined) throw new Error("no part");
  const message = core.announce.announce("keys", part, { id: `x${n}`, spec: "spec", conditional: false });
  return core.message.encodeMessage(message);
}

/** An invalidation is stored and acknowledged. A value that was read just before must go before the frontend is proven again. */
function publishing(core: Core, scenario: CurrencyScenario, world: World): Step<World>[] {
  const n = world.values.length + 1;
  if (n > scenario.invalidations) return [];
  const publishes = (label: string, isKnown: boolean): Step<World> => ({
    label: `invalidation x${n} is stored and acknowledged${label}`,
    run: (after) => {
      const subject = Object.freeze({ key: `x${n}`, partitions: [], tables: [] });
      after.values.push(core.coherence.beginCopy(after.front.coherence, subject));
      const before = after.witness.highest;
      const at = store(after, invalidationBody(core, n));
      if (isKnown) core.witness.checkStored(after.witness, before, at);
    },
  });
  const steps = [publishes("", true)];
  if (has(scenario, "other-publisher")) steps.push(publishes(" for another process", false));
  return steps;
}

function hearing(core: Core, scenario: CurrencyScenario, { front, net, spent }: World): Step<World>[] {
  const steps: Step<World>[] = [];
  const [record] = net;
  if (record !== undefined) {
    steps.push({
      label: `frontend hears ${wordOf(record)}`,
      run: (after) => {
        after.net.shift();
        core.follow.onRecord(after.front, record, now(after), effectsOf(after));
      },
    });
    if (has(scenario, "lost-record") && spent.filter((s) => s === "lost-record").length < (scenario.maxLost ?? 2)) {
      steps.push({
        label: `${wordOf(record)} is lost on the way`,
        run: (after) => {
          after.net.shift();
          after.spent.push("lost-record");
        },
      });
    }
  }
  if (!front.feed.connected)
    steps.push({ label: "frontend is connected again", run: (after) => reconnect(core, after) });
  else if (has(scenario, "disconnect") && !spent.includes("disconnect")) {
    steps.push({
      label: "frontend is disconnected",
      run: (after) => {
        after.spent.push("disconnect");
        disconnect(core, after);
      },
    });
  }
  return steps;
}

function disconnect(core: Core, world: World): void {
  world.net.length = 0;
  world.pending = undefined;
  core.follow.onDisconnected(world.front);
}

function reconnect(core: Core, world: World): void {
  core.follow.onConnected(world.front, now(world), effectsOf(world));
}

/** A read is answered with what the log held at one moment, and the answer may arrive later. */
function reading(core: Core, scenario: CurrencyScenario, { pending, log }: World): Step<World>[] {
  if (pending === undefined) return [];
  const arrives = (after: World, slice: ReturnType<typeof sliceOf>): void => {
    after.pending = undefined;
    core.follow.onSlice(after.front, pending.readId, slice, now(after), effectsOf(after));
  };
  const { slice } = pending;
  if (slice !== undefined) return [{ label: "the answer arrives", run: (after) => arrives(after, slice) }];
  if (!has(scenario, "late-answer")) {
    return [{ label: "the log is read", run: (after) => arrives(after, sliceOf(after.log, pending.from)) }];
  }
  return [
    {
      label: `the log answers, up to ${headOf(log).sequence}`,
      run: (after) => {
        after.pending = { ...pending, slice: sliceOf(after.log, pending.from) };
      },
    },
  ];
}

function probing(core: Core, scenario: CurrencyScenario, { asked, values, requests, answers }: World): Step<World>[] {
  const steps: Step<World>[] = [];
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

function ticking(core: Core, scenario: CurrencyScenario, world: World): Step<World>[] {
  const { flying } = world;
  const steps: Step<World>[] = world.late.map((body, i) => ({
    label: `a tick given up is stored at last: ${body}`,
    run: (after) => {
      after.late.splice(i, 1);
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
        if (at === undefined) after.late.push(tickBody(flying.name, flying.flush));
        answerAll(after, core.responder.tickFailed(after.responder));
      },
    });
  }
  return steps;
}

function tickSending(core: Core, world: World): Step<World>[] {
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

function logFaults(core: Core, scenario: CurrencyScenario, world: World): Step<World>[] {
  const steps: Step<World>[] = [];
  const { log } = world;
  const fault = (of: CurrencyFault, label: string, run: (after: World) => void): void => {
    if (!mayStill(scenario, world, of)) return;
    steps.push({
      label,
      run: (after) => {
        after.spent.push(of);
        run(after);
      },
    });
  };
  fault("re-created", "THE LOG IS MADE ANEW", (after) => {
    after.log.epoch++;
    after.log.records.length = 0;
    after.log.first = 1;
  });
  fault("purged", "the log forgets all it holds", (after) => {
    after.log.first += after.log.records.length;
    after.log.records.length = 0;
  });
  const isRolledBack = world.spent.some((s) => s.startsWith("rolled-back"));
  for (let kept = 1; kept < log.records.length && !isRolledBack; kept++) {
    const lost = log.records.slice(kept).map(wordOf).join(", ");
    const rollBack = (after: World): void => {
      after.log.records.length = kept;
    };
    fault("rolled-back-quietly", `THE LOG LOSES ${lost}`, rollBack);
    fault("rolled-back", `THE LOG LOSES ${lost}, and the frontend its connection`, (after) => {
      rollBack(after);
      if (after.front.feed.connected) disconnect(core, after);
    });
  }
  return steps;
}

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
  const record = world.net.shift();
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
