import type { FeedRecord } from "../../src/protocol/follow.ts";
import type { Effects, FrontendState } from "../../src/protocol/frontend.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import { sequence } from "../../src/protocol/position.ts";
import type { SimResponder } from "./sim-responder.ts";
import { delay, epochOf, happens, type Sim } from "./sim-world.ts";

/** How often a frontend asks for a proof, looks at its windows, and asks the log again. */
const PROBE_EVERY_MS = 25;
const LOOK_EVERY_MS = 10;

/** A frontend's process: its clocks, its connection to the log, its proof. Reads are in `sim-reads.ts`. */
export interface SimFrontend {
  readonly name: string;
  readonly state: FrontendState;
  readonly effects: Effects;
  now(): Instant;
  /** Runs this in the process; while it stands still, once it goes on. */
  run(what: () => void): void;
  standStill(forMs: number): void;
  shiftWall(byMs: number): void;
  disconnect(): void;
  connect(): void;
}

export interface FrontendParts {
  readonly name: string;
  readonly evict: (key: string) => void;
  readonly responders: readonly SimResponder[];
}

export function createSimFrontend(sim: Sim, { name, evict, responders }: FrontendParts): SimFrontend {
  const { core, agenda, log, settings, weak } = sim;
  const state = core.frontend.createFrontend({ settings, spec: "spec", tables: ["t"], weak });
  let wallOffsetMs = 0;
  let stillUntilMs = 0;
  let connection = 0;
  let isConnected = false;
  let lastHeardMs = 0;

  /** While the process stands still, what happens to it waits, and keeps its order. */
  const waiting: (() => void)[] = [];
  const run = (what: () => void): void => {
    waiting.push(what);
    if (waiting.length === 1) goOn();
  };
  const goOn = (): void => {
    if (agenda.nowMs < stillUntilMs) agenda.after(stillUntilMs - agenda.nowMs, goOn);
    else for (const what of waiting.splice(0)) what();
  };
  const now = (): Instant => ({ monotonicMs: agenda.nowMs, wallMs: 1e6 + agenda.nowMs + wallOffsetMs });

  const effects: Effects = {
    evict,
    changed: (change) => sim.say(`${name} ${Object.values(change).join(" ")}`),
    read: (read, from) => {
      const on = connection;
      agenda.after(delay(sim, 20), () => {
        if (read !== state.feed.read || on !== connection) return;
        if (log.isDown) {
          agenda.after(15, () => effects.read(read, from, 0));
          return;
        }
        const slice = sliceFrom("sequence" in from ? from.sequence : 1);
        agenda.after(delay(sim, 20), () => run(() => core.follow.onSlice(state, read, slice, now(), effects)));
      });
    },
  };

  /** All that the log holds is younger than F + S, so that a cold start reads it whole, and mistrusts it. */
  const sliceFrom = (from: number) => ({
    epoch: epochOf(log),
    first: sequence(1),
    last: sequence(log.records.length),
    records: log.records.filter((record) => record.sequence >= from),
  });

  /** In order, and only on the connection on which it was sent. */
  const hear = (record: FeedRecord): void => {
    if (!isConnected || happens(sim, 50)) return; // or lost on the way, though the connection holds
    const on = connection;
    lastHeardMs = Math.max(lastHeardMs, agenda.nowMs + delay(sim, 40));
    agenda.after(lastHeardMs - agenda.nowMs, () => {
      if (on === connection) run(() => on === connection && core.follow.onRecord(state, record, now(), effects));
    });
  };

  const disconnect = (): void => {
    if (!isConnected) return;
    sim.say(`${name} IS DISCONNECTED`);
    isConnected = false;
    connection++;
    run(() => core.follow.onDisconnected(state));
  };

  const connect = (): void => {
    if (isConnected || log.isDown) return;
    sim.say(`${name} is connected`);
    isConnected = true;
    connection++;
    lastHeardMs = agenda.nowMs;
    run(() => core.follow.onConnected(state, now(), effects));
  };

  const probe = (): void => {
    agenda.after(PROBE_EVERY_MS, () => run(probe));
    if (!isConnected || state.feed.phase !== "live") return;
    const id = core.proof.beginProbe(state.proof, now());
    const responder = responders[sim.chance.int(responders.length)];
    responder?.ask((pulse) =>
      run(() => {
        core.proof.answerProbe(state.proof, id, happens(sim, 20) ? undefined : pulse);
        core.proof.proveFrom(state.proof, state.feed.epoch, state.feed.applied);
      }),
    );
  };

  const look = (): void => {
    agenda.after(LOOK_EVERY_MS, () => run(look));
    core.frontend.advance(state, now(), effects);
  };

  log.listeners.push(hear);
  agenda.after(0, probe);
  agenda.after(0, look);
  return {
    name,
    state,
    effects,
    now,
    run,
    standStill: (forMs) => {
      sim.say(`${name} STANDS STILL for ${forMs}`);
      stillUntilMs = Math.max(stillUntilMs, agenda.nowMs + forMs);
    },
    shiftWall: (byMs) => {
      sim.say(`${name} HAS ITS WALL CLOCK SET BY ${byMs}`);
      wallOffsetMs += byMs;
    },
    disconnect,
    connect,
  };
}
