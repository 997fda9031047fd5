import { type Chance, oneIn, pick } from "./chance.ts";

/**
 * What can go wrong, and which assumption of SPEC.md bounds it. What an assumption rules out never happens here, except where it is said:
 * then the history knows of it, and what it excuses is not held against the engine.
 */
export const FAULTS = {
  /** A record slips by on a link that holds (A5). A1: it stays in the log. */
  drop: "each",
  /** A message takes up to half a second, and those behind it wait. */
  delay: "each",
  /** A record is delivered again, later (A5). */
  duplicate: "each",
  /** A record is delivered late, behind those that were stored after it (A5). */
  "late record": "each",
  /** The acknowledgement is lost, the message is stored. */
  "ack lost": "each",
  /** The message is stored long after its sender gave up. */
  "stored late": "each",
  /** The log says that it stored nothing. */
  unavailable: "each",
  /** The connection breaks, and comes back. */
  cut: "timed",
  /** Nothing passes, nobody is told, until the pings are missed. */
  "half-open": "timed",
  /** Every connection breaks; what was stored stays (A1). */
  "server restart": "timed",
  /** Three replicas elect a leader: appends wait for seconds, and are stored then; some are not. Nothing can be read meanwhile. */
  election: "timed",
  /** A client is on the far side of a partition: it reads old records, hears nothing, and no append of its own is acknowledged. */
  isolation: "timed",
  /** Every message takes up to ten times as long. */
  "slow log": "timed",
  /** The log begins anew: another epoch (A1: the old one never comes back). */
  "re-creation": "timed",
  /** The log loses acknowledged messages and gives their sequences again, all connections broken. Against A1: see `excuses.ts`. */
  rewind: "timed",
  /** The same, and the connections hold. */
  "quiet rewind": "timed",
  /** Retention takes the oldest records (A1: whoever has not read them notices by their sequences). */
  purge: "timed",
  /** Somebody publishes what is no message. */
  junk: "timed",
  /** A message is sent again after the log forgot its id, and stored twice. */
  "forgotten ids": "world",
  /** Two views that read each other are asked for at once: they wait for each other until the deadline of views, half a minute. */
  "views in a circle": "world",
  /** A process stands still, as under SIGSTOP; what reaches it waits. */
  pause: "timed",
  /** The machine sleeps: its monotonic clock stands still, too (A4). Never where a wall clock is set back: no clock would be left. */
  sleep: "timed",
  "wall clock set forward": "timed",
  "wall clock set back": "timed",
  /** Wall clocks differ by up to a minute (A4). Writers' timestamps with them. */
  skew: "world",
  /** A process dies and starts anew; its requests and announcements die with it. */
  crash: "timed",
  /** The database does not say whether it wrote; it did, or will within F (A3). */
  "unknown, lands": "each",
  "unknown, never lands": "each",
  /** It reached one replica; a hint delivers it to the others later, after F (A3, hints excepted). */
  "unknown, minority": "each",
  /** A conditional write is left undecided; a serial read or the next conditional write decides it. */
  "undecided condition": "each",
  "write refused": "each",
  /** A write takes nearly as long as its deadline allows. */
  "slow write": "each",
  "read failure": "each",
  "slow read": "each",
  /** What a strong read finds on one of its replicas only stays there: what reached a minority shows now, and then not. */
  "no read repair": "world",
  /** A replica gets an acknowledged write late. Weak mode: within S (A3). Strong mode: whenever (A2 holds without it). */
  "lagging replica": "each",
} as const satisfies Readonly<Record<string, "each" | "timed" | "world">>;

export type Fault = keyof typeof FAULTS;
export type TimedFault = { [F in Fault]: (typeof FAULTS)[F] extends "timed" ? F : never }[Fault];

export const isFault = (name: string): name is Fault => Object.hasOwn(FAULTS, name);
const isTimed = (fault: Fault): fault is TimedFault => FAULTS[fault] === "timed";

export const ALL_FAULTS: readonly Fault[] = Object.keys(FAULTS).filter(isFault);

/**
 * Which faults this schedule has: a few, now fewer and now more, so that every pair meets somewhere. Where all could happen, the frequent
 * ones would hide the rest: a flush drops what another fault has made stale.
 */
export function someFaults(chance: Chance): ReadonlySet<Fault> {
  const rarity = pick(chance, [8, 16, 4]);
  const some = ALL_FAULTS.filter((fault) => oneIn(chance, fault === "views in a circle" ? 50 : rarity));
  const clash = some.includes("sleep") && some.includes("wall clock set back");
  return new Set(clash ? some.filter((fault) => fault !== "sleep") : some);
}

export const timedAmong = (faults: ReadonlySet<Fault>): readonly TimedFault[] => [...faults].filter(isTimed);
