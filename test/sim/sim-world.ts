import type { FeedRecord } from "../../src/protocol/follow.ts";
import { epoch, type Position, sequence } from "../../src/protocol/position.ts";
import type { ProtocolSettings } from "../../src/protocol/settings.ts";
import type { Core } from "../model/core.ts";
import { Agenda } from "./agenda.ts";
import type { Chance } from "./chance.ts";

/** Times of the simulated deployment, in virtual milliseconds: the defaults divided by a hundred. */
export const TIMES = { fenceMs: 300, settleMs: 100, boundMs: 100, databaseDeadlineMs: 100, logDeadlineMs: 60 } as const;
const KEYS = ["k0", "k1", "k2"] as const;

export interface SimOptions {
  readonly weak?: boolean;
  readonly trace?: boolean;
}

/** What all of a simulation share: time, chance, the log, the database, and what is known to be true. */
export interface Sim {
  readonly core: Core;
  readonly chance: Chance;
  readonly agenda: Agenda;
  readonly weak: boolean;
  readonly settings: ProtocolSettings;
  readonly log: SimLog;
  readonly database: Database;
  /** Writes that were reported successful. */
  readonly acknowledged: Acknowledged[];
  violation: string | undefined;
  /** Everything that was answered, in one number: two runs of one tape must agree. */
  hash: number;
  readonly trace: string[];
  say(what: string): void;
}

interface Acknowledged {
  readonly key: string;
  readonly version: number;
  readonly at: Position;
  readonly atMs: number;
}

export interface SimLog {
  lives: number;
  records: FeedRecord[];
  stored: number;
  isDown: boolean;
  readonly ids: Map<string, number>;
  readonly listeners: ((record: FeedRecord) => void)[];
}

/** The newest version of each key, on the replica that answers writes and on the one that lags. */
export interface Database {
  readonly leading: Map<string, number>;
  readonly lagging: Map<string, number>;
}

export function createSim(core: Core, chance: Chance, { weak = false, trace = false }: SimOptions): Sim {
  const agenda = new Agenda();
  const lines: string[] = [];
  const { fenceMs, settleMs, boundMs } = TIMES;
  return {
    core,
    chance,
    agenda,
    weak,
    settings: core.settings.protocolSettings({ fenceMs, settleMs, boundMs, partitionSlots: 8, maxFill: 40 }),
    log: { lives: 1, records: [], stored: 0, isDown: false, ids: new Map(), listeners: [] },
    database: { leading: new Map(), lagging: new Map() },
    acknowledged: [],
    violation: undefined,
    hash: 0,
    trace: lines,
    say: (what) => {
      if (trace) lines.push(`${String(Math.round(agenda.nowMs)).padStart(5)} ${what}`);
    },
  };
}

/** One of the keys, mostly the first: what goes wrong goes wrong where writes and reads meet. */
export const anyKey = ({ chance }: Sim): string => KEYS[Math.max(0, chance.int(6) - 3)] ?? KEYS[0];

/** One in `n`. The dull choice is no. */
export const happens = ({ chance }: Sim, n: number): boolean => chance.int(n) === n - 1;

/** Mostly short; sometimes anything up to the longest, and then often the longest itself, so that ends coincide. */
export function delay({ chance }: Sim, longestMs: number): number {
  const kind = chance.int(6);
  if (kind === 5) return longestMs;
  return kind === 4 ? 1 + chance.int(longestMs) : 1 + chance.int(Math.min(5, longestMs));
}

export const epochOf = ({ lives }: SimLog) => epoch(`E${lives}`);

/** Stores a message once per id, and tells whoever listens. */
export function storeRecord(sim: Sim, body: string, id?: string): Position {
  const { log } = sim;
  const known = id === undefined ? undefined : log.ids.get(id);
  if (known !== undefined) return { epoch: epochOf(log), sequence: sequence(known) };
  const at = sequence(log.records.length + 1);
  const record = { epoch: epochOf(log), sequence: at, storedAt: `s${++log.stored}@${sim.agenda.nowMs}`, body };
  log.records.push(record);
  if (id !== undefined) log.ids.set(id, at);
  for (const listener of log.listeners) listener(record);
  return { epoch: record.epoch, sequence: at };
}

export function recreateLog({ log, say }: Sim): void {
  say("THE LOG IS MADE ANEW");
  log.lives++;
  log.records = [];
  log.ids.clear();
}

/** Publishes: the acknowledgement comes later, or never though the message is stored, or at once that nothing could be stored. */
export function publish(
  sim: Sim,
  body: string,
  id: string | undefined,
  done: (at: Position | undefined) => void,
): void {
  const { agenda, log } = sim;
  const isLost = happens(sim, 30);
  const there = delay(sim, TIMES.logDeadlineMs / 2);
  const back = delay(sim, TIMES.logDeadlineMs / 2);
  agenda.after(there, () => {
    if (log.isDown) {
      agenda.after(back, () => done(undefined));
      return;
    }
    const at = storeRecord(sim, body, id);
    agenda.after(isLost ? TIMES.logDeadlineMs : back, () => done(isLost ? undefined : at));
  });
}

/** The version that an answer must at least have: acknowledged writes of the key that fulfil a condition. */
export function newestOf({ acknowledged }: Sim, key: string, counts: (write: Acknowledged) => boolean): number {
  let newest = 0;
  for (const write of acknowledged) if (write.key === key && counts(write)) newest = Math.max(newest, write.version);
  return newest;
}

export const versionOf = (replica: ReadonlyMap<string, number>, key: string): number => replica.get(key) ?? 0;

export function putVersion(replica: Map<string, number>, key: string, version: number): void {
  replica.set(key, Math.max(versionOf(replica, key), version));
}
