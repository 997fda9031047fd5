import type { Copy } from "../../src/protocol/copy.ts";
import type { FeedRecord, FeedSlice } from "../../src/protocol/follow.ts";
import type { Effects, FrontendState } from "../../src/protocol/frontend.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import { epoch, type Position, type Sequence, sequence } from "../../src/protocol/position.ts";
import type { PulseAnswer, Responder } from "../../src/protocol/responder.ts";
import type { Witness } from "../../src/protocol/witness.ts";
import type { Core } from "./core.ts";

/**
 * The world of the currency model: a log that loses messages on the way, forgets, goes back and is made anew; a process that publishes
 * invalidations and answers pulses; and one frontend, which must not believe that it is current when it is not.
 */
export interface World {
  readonly front: FrontendState;
  readonly log: Log;
  /** Records on their way to the frontend. */
  readonly net: FeedRecord[];
  /** A record that was overtaken, or comes a second time. */
  late: FeedRecord | undefined;
  /** The read that the frontend waits for, and its answer once the log has given it. */
  pending: PendingRead | undefined;
  readonly responder: Responder;
  readonly witness: Witness;
  flying: FlyingTick | undefined;
  /** Ticks that failed for the responder, and are stored later all the same. */
  readonly givenUp: string[];
  ticks: number;
  /** What each probe asks for: the invalidations acknowledged before it was sent. */
  readonly asked: (readonly number[])[];
  /** Probes on their way to the responder, and answers on their way back. */
  readonly requests: number[];
  readonly answers: Answer[];
  /** One value per invalidation, read just before it: it counts until the invalidation is applied, or flushed past. */
  readonly values: Copy[];
  readonly spent: string[];
}

export interface Log {
  epoch: number;
  first: number;
  readonly records: FeedRecord[];
  /** How many records were ever stored: each is told by it from one that takes its place. */
  stored: number;
}

interface PendingRead {
  readonly readId: number;
  readonly from: Sequence | undefined;
  readonly slice: FeedSlice | undefined;
}

interface FlyingTick {
  readonly name: string;
  readonly flush: boolean;
  readonly at: Position | undefined;
}

interface Answer {
  readonly probe: number;
  readonly pulse: PulseAnswer | undefined;
}

export type CurrencyFault =
  | "lost-record"
  | "heard-twice"
  | "heard-late"
  | "disconnect"
  | "re-created"
  | "rolled-back"
  | "rolled-back-quietly"
  | "purged"
  | "lost-ack"
  | "late-answer"
  | "other-publisher";

export interface CurrencyScenario {
  readonly name: string;
  readonly invalidations: number;
  readonly probes: number;
  readonly ticks: number;
  readonly faults: readonly CurrencyFault[];
  /** The frontend has yet to read the log back; or it found only old records there, and stands at one that it never read. */
  readonly start?: "cold" | "unread";
  readonly maxFill?: number;
  /** How many records may be lost on the way while connected; default 2. */
  readonly maxLost?: number;
}

export const has = ({ faults }: CurrencyScenario, fault: CurrencyFault): boolean => faults.includes(fault);

export const MOMENTS: readonly Instant[] = Array.from({ length: 20 }, (_, i) =>
  Object.freeze({ monotonicMs: i, wallMs: i }),
);

/** Moments are probes: the n-th is when the n-th probe was sent. */
export function momentOf(probe: number): Instant {
  const moment = MOMENTS[probe];
  if (moment === undefined) throw new Error(`no moment ${probe}`);
  return moment;
}

export const now = ({ asked }: World): Instant => momentOf(asked.length);

export function createCurrencyWorld(core: Core, { maxFill = 100, start }: CurrencyScenario): World {
  const settings = core.settings.protocolSettings({ partitionSlots: 1, maxFill });
  const world: World = {
    front: core.frontend.createFrontend({ settings, spec: "spec", tables: [], weak: false }),
    log: { epoch: 1, first: 1, records: [], stored: 0 },
    net: [],
    late: undefined,
    pending: undefined,
    responder: core.responder.createResponder(),
    witness: core.witness.createWitness(),
    flying: undefined,
    givenUp: [],
    ticks: 0,
    asked: [],
    requests: [],
    answers: [],
    values: [],
    spent: [],
  };
  for (const name of start === "unread" ? ["old1", "old2", "old3"] : ["old1", "old2"]) store(world, tickBody(name));
  core.witness.noteStored(world.witness, headOf(world.log));
  world.net.length = 0;
  core.follow.onConnected(world.front, momentOf(0), effectsOf(world));
  if (start === "cold") return world;
  const slice = sliceOf(world.log, sequence(start === "unread" ? 4 : 2));
  core.follow.onSlice(world.front, world.front.feed.read, slice, momentOf(0), effectsOf(world));
  world.pending = undefined;
  return world;
}

export function effectsOf(world: World): Effects {
  return {
    evict: () => {},
    changed: () => {},
    read: (readId, from) => {
      world.pending = { readId, from: "sequence" in from ? from.sequence : undefined, slice: undefined };
    },
  };
}

/** Stores a message, and sends it on its way to the frontend. */
export function store({ log, net, front }: World, body: string): Position {
  const at = sequence(log.first + log.records.length);
  const record = recordOf(log.epoch, at, ++log.stored, body);
  log.records.push(record);
  if (front.feed.connected) net.push(record);
  return { epoch: record.epoch, sequence: at };
}

const records = new Map<string, FeedRecord>();

function recordOf(epochNumber: number, at: Sequence, stored: number, body: string): FeedRecord {
  const id = `${epochNumber} ${at} ${stored} ${body}`;
  const known = records.get(id);
  if (known !== undefined) return known;
  const record = Object.freeze({ epoch: epochOf(epochNumber), sequence: at, storedAt: `s${stored}`, body });
  records.set(id, record);
  return record;
}

const epochOf = (n: number) => epoch(`E${n}`);

export function headOf(log: Log): Position {
  return { epoch: epochOf(log.epoch), sequence: sequence(log.first + log.records.length - 1) };
}

/** What the log answers to a read from here; a cold start's reads begin at its second record, the first being too old. */
export function sliceOf(log: Log, from: Sequence | undefined): FeedSlice {
  const head = headOf(log);
  const start = from ?? sequence(log.first + 1);
  const found = log.records.filter((record) => record.sequence >= start);
  return Object.freeze({ epoch: head.epoch, first: sequence(log.first), last: head.sequence, records: found });
}

export const tickBody = (name: string, flush = false): string =>
  JSON.stringify({ kind: "tick", v: 1, tick: name, ...(flush && { flush: true }) });

/** What a log record says, in a word. */
export function wordOf(record: FeedRecord): string {
  const said: { kind: string; tick?: string; write?: string; flush?: boolean } = JSON.parse(record.body);
  const what = said.kind === "tick" ? `tick ${said.tick}${said.flush ? " FLUSH" : ""}` : `invalidation ${said.write}`;
  return `${what} @${record.epoch}.${record.sequence}`;
}
