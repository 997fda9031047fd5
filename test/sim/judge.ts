import type { Position } from "../../src/protocol/position.ts";
import type { Excuses } from "./excuses.ts";
import type { EffectOf, History, Write } from "./history.ts";
import type { Seen } from "./seen.ts";
import { TIMES, TTL } from "./times.ts";

/** A request, as it came. */
export interface Requested {
  readonly reader: string;
  readonly arrivedAtMs: number;
  /** Up to where the frontend had come. */
  readonly position: Position | undefined;
  /** What the answer was asked to reflect. */
  readonly minPosition: Position | undefined;
  /** The frontend had found that what it rests on holds. */
  readonly isReady: boolean;
  /** The window that this write's fence had opened there had surely ended. */
  readonly hasEndedFence: (write: Write) => boolean;
  /** When this life of the frontend began. */
  readonly startedAtMs: number;
}

export interface Answered {
  readonly seen: readonly Seen[];
  /** Unproven, and it says so: then it may be older, by what its key allows. */
  readonly isLabelled: boolean;
  /** Whose writes it says that it reflects. */
  readonly position: Position | undefined;
  /** How old it says that it can be at most. */
  readonly ageMs: number | undefined;
  /** From memory: then nothing that had expired when the request came. */
  readonly isHit: boolean;
  readonly atMs: number;
}

export interface Verdict {
  /** Undefined if nothing is. */
  readonly wrong: string | undefined;
  /** There was a write that the answer had to know of; else it could have said anything that was ever written. */
  readonly isHeld: boolean;
}

type Requires = (write: Write) => boolean;
type Rule = readonly [invariant: string, requires: Requires];

/**
 * Holds answers against the history, for every row that an answer speaks of: I1r, I3, I4 and I6; what the answer says of itself, its
 * position and its age; what the process itself has written; and what has expired.
 */
export class Judge {
  readonly #history: History;
  readonly #excuses: Excuses;
  readonly #isWeak: boolean;

  constructor(history: History, excuses: Excuses, isWeak: boolean) {
    this.#isWeak = isWeak;
    this.#history = history;
    this.#excuses = excuses;
  }

  verdict(request: Requested, answer: Answered): Verdict {
    const rules = this.#rulesFor(request, answer);
    const isRequired: Requires = (write) => rules.some(([, requires]) => requires(write));
    const isHeld = answer.seen.some((seen) => this.#hasFloor(seen, isRequired));
    for (const seen of answer.seen) {
      const wrong =
        this.#invented(seen) ??
        this.#expired(request, answer, seen) ??
        this.#stale(seen, rules, isRequired, answer.atMs);
      if (wrong !== undefined) return { wrong, isHeld };
    }
    return { wrong: undefined, isHeld };
  }

  /** Which writes an answer must know of, and why. */
  #rulesFor(request: Requested, answer: Answered): readonly Rule[] {
    const boundMs = TIMES.boundMs + (answer.isLabelled ? TTL.labelMs : 0);
    const relied: readonly Rule[] = [
      ["I1r", (write) => isApplied(write, request.position)],
      ["I4", (write) => isStoredBefore(write, request.arrivedAtMs - boundMs)],
      ["I6", (write) => isApplied(write, request.minPosition)],
      ["position", (write) => isApplied(write, answer.position)],
      ["age", (write) => isStoredBefore(write, answer.atMs - (answer.ageMs ?? Number.POSITIVE_INFINITY))],
    ];
    const isRelied = (write: Write): boolean =>
      write.done !== undefined &&
      write.done.sinceMs <= request.arrivedAtMs &&
      !this.#excuses.isExcused(write, request.reader, request.arrivedAtMs);
    return [
      ...relied.map(([invariant, requires]): Rule => [invariant, (write) => isRelied(write) && requires(write)]),
      ["own", (write) => !this.#isWeak && isOwn(write, request)],
      ["I3", (write) => answer.isHit && isOrphaned(write, request)],
    ];
  }

  /** The first rule that the answer breaks; all at once first, which one it was only if there is one. */
  #stale(seen: Seen, rules: readonly Rule[], isRequired: Requires, nowMs: number): string | undefined {
    const unexplained = this.#wrong(seen, isRequired, nowMs);
    if (unexplained === undefined) return undefined;
    for (const [invariant, requires] of rules) {
      const wrong = this.#wrong(seen, requires, nowMs);
      if (wrong !== undefined) return `${invariant}: ${wrong}`;
    }
    return `together: ${unexplained}`; // a count whose rows are each required by another rule
  }

  #hasFloor(seen: Seen, isRequired: Requires): boolean {
    const rows = "row" in seen ? [seen.row] : this.#history.rowsOf(seen.partition);
    return rows.some((row) => this.#history.effectsOn(row).some((of) => isSent(of) && isRequired(of.write)));
  }

  #wrong(seen: Seen, requires: Requires, nowMs: number): string | undefined {
    if ("partition" in seen) return this.#wrongCount(seen.partition, seen.rows, requires, nowMs);
    const { row, version } = seen;
    const effects = this.#history.effectsOn(row);
    const floor = newest(effects.filter(({ write }) => requires(write)));
    if (version === undefined) {
      return mayBeAbsent(effects, floor, nowMs) ? undefined : `${row} is not there, though ${say(floor)} wrote it`;
    }
    const from = putOf(effects, version);
    return from !== undefined && isBefore(from, floor)
      ? `${row} is w${version}, though ${say(floor)} overwrote it`
      : undefined;
  }

  /** A value is of a write that reached the database, and that the database has not refused. */
  #invented(seen: Seen): string | undefined {
    if ("partition" in seen || seen.version === undefined) return undefined;
    const from = putOf(this.#history.effectsOn(seen.row), seen.version);
    return from !== undefined && isSent(from)
      ? undefined
      : `origin: ${seen.row} is w${seen.version}, which nobody wrote`;
  }

  #wrongCount(partition: string, rows: number, requires: Requires, nowMs: number): string | undefined {
    let [least, most] = [0, 0];
    for (const row of this.#history.rowsOf(partition)) {
      const effects = this.#history.effectsOn(row);
      const floor = newest(effects.filter(({ write }) => requires(write)));
      if (!mayBeAbsent(effects, floor, nowMs)) least++;
      if (effects.some((of) => of.effect.kind === "put" && isSent(of) && !isBefore(of, floor))) most++;
    }
    return rows >= least && rows <= most ? undefined : `${partition} has ${rows} rows, not ${least} to ${most}`;
  }

  /** What the database itself has let expire is not answered from memory. */
  #expired({ arrivedAtMs }: Requested, { isHit }: Answered, seen: Seen): string | undefined {
    if (!isHit || "partition" in seen || seen.version === undefined) return undefined;
    const write = this.#history.writes[seen.version];
    if (write === undefined || arrivedAtMs < write.expiresAtMs) return undefined;
    return `TTL: ${seen.row} is w${write.n}, which expired ${arrivedAtMs - write.expiresAtMs} ms before the request`;
  }
}

function isApplied({ done }: Write, position: Position | undefined): boolean {
  return (
    done !== undefined && position !== undefined && done.epoch === position.epoch && done.sequence <= position.sequence
  );
}

/** Written by the same process, which had told so: that drops it from its own memory at once, without waiting for the log. */
const isOwn = ({ owner, toldAtMs }: Write, { reader, arrivedAtMs, startedAtMs }: Requested): boolean =>
  owner === reader && toldAtMs >= startedAtMs && toldAtMs <= arrivedAtMs;

/** I3, as soon as one frontend can know: what landed before its fence had ended there is in what memory answers after. */
const isOrphaned = (write: Write, { arrivedAtMs, hasEndedFence }: Requested): boolean =>
  write.landedAtMs <= arrivedAtMs && !write.isStray && !write.isUnfenced && hasEndedFence(write);

const isStoredBefore = ({ done }: Write, atMs: number): boolean => done !== undefined && done.storedAtMs < atMs;

/** It reached the database, which did not refuse it. */
const isSent = ({ write }: EffectOf): boolean => write.timestamp !== undefined && !write.isVoid;

const putOf = (effects: readonly EffectOf[], n: number): EffectOf | undefined =>
  effects.find(({ write, effect }) => write.n === n && effect.kind === "put");

const isRemoval = ({ effect }: EffectOf): boolean => effect.kind !== "put";

/** Of two, the one that stays: the later; at one time, the removal. */
function isBefore(a: EffectOf, b: EffectOf | undefined): boolean {
  if (b === undefined) return false;
  const [at, bt] = [a.write.timestamp ?? 0, b.write.timestamp ?? 0];
  return at < bt || (at === bt && !isRemoval(a) && isRemoval(b));
}

function newest(effects: readonly EffectOf[]): EffectOf | undefined {
  let found: EffectOf | undefined;
  for (const of of effects) if (isSent(of) && (found === undefined || isBefore(found, of))) found = of;
  return found;
}

/** True if the row may be missing: nothing put it, or something removed it since, or what was put has expired. */
function mayBeAbsent(effects: readonly EffectOf[], floor: EffectOf | undefined, nowMs: number): boolean {
  if (floor === undefined || isRemoval(floor)) return true;
  return effects.some((of) => isSent(of) && !isBefore(of, floor) && (isRemoval(of) || of.write.expiresAtMs <= nowMs));
}

const say = (of: EffectOf | undefined): string => (of === undefined ? "nothing" : `w${of.write.n}`);
