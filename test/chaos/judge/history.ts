/**
 * What was written, as its writers were told, register by register. A register is one cell, one row or one counter; it has one writer, who
 * begins a write when the one before has ended, so that the writes of a register have an order. Nothing here knows nearkey.
 */
export interface History {
  /** One write, of all these registers at once. */
  begin(changes: Changes): OpenWrite;
  /** The last write that an answer must reflect, and everything that may be seen instead of it. */
  allowed(register: string, answeredAtMs: number, must: Must): ReadonlySet<Value>;
  /** How often a counter was added to: at least the writes that must be reflected, at most all that were begun. */
  total(counter: string, answeredAtMs: number, must: Must): Total;
  /** Somebody has counted, at every replica: who reads from now on sees no less. */
  noteCount(counter: string, count: number): void;
  /** The last count, or the last one before a write that must be reflected: the write made whoever answers read again. 0 where there is none. */
  counted(counter: string, must?: Must): number;
  readonly registers: Iterable<string>;
  /** The last writes of a register, in words. */
  describe(register: string): string;
}

/** What a register was made to hold; null: nothing. Each write that sets a value sets one of its own. */
export type Value = string | null;

export type Changes = ReadonlyMap<string, Value>;

export interface Total {
  readonly least: number;
  readonly most: number;
}

/** Whether an answer must reflect this write. */
export type Must = (write: Write) => boolean;

/** How a write ended, as its writer was told. */
export type Outcome =
  /** Reported successful: the promise is of these. */
  | "acked"
  /** Done, but readers could not be told yet. */
  | "unannounced"
  /** The server does not know either. It has its place in the order, and may show now, later or never. */
  | "undecided"
  /** No answer. A process that stood still may begin it at any time later, after writes that were sent after it. */
  | "lost"
  /** Nothing was written, and never will be. */
  | "refused"
  /** The same, because its condition did not hold. */
  | "unmet";

/** A place in the log, as the answer to a write named it. */
export interface LogPosition {
  readonly epoch: string;
  readonly sequence: number;
}

export interface Write {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: Outcome | "under-way";
  readonly position: LogPosition | undefined;
}

export interface OpenWrite {
  end(outcome: Outcome, position?: LogPosition): void;
}

interface Change {
  readonly value: Value;
  readonly write: Write;
}

interface Count {
  readonly atMs: number;
  readonly count: number;
}

interface Register {
  readonly counts: Count[];
  readonly changes: Change[];
  readonly lost: Change[];
}

/** What the registers held at first was acknowledged long ago. */
export function createHistory(initial: Changes, now: () => number): History {
  const registers = new Map<string, Register>();
  const first: Write = { beganAtMs: 0, endedAtMs: Number.NEGATIVE_INFINITY, outcome: "acked", position: undefined };
  const of = (name: string): Register => {
    const known = registers.get(name);
    if (known !== undefined) return known;
    const fresh: Register = { changes: [{ value: initial.get(name) ?? null, write: first }], lost: [], counts: [] };
    registers.set(name, fresh);
    return fresh;
  };
  for (const name of initial.keys()) of(name);

  return {
    begin: (changes) => {
      const write = { beganAtMs: now(), endedAtMs: Number.POSITIVE_INFINITY, ...UNDER_WAY };
      for (const [name, value] of changes) of(name).changes.push({ value, write });
      return {
        end: (outcome, position) => {
          Object.assign(write, { outcome, position, endedAtMs: now() });
          if (outcome !== "lost") return;
          for (const [name, value] of changes) of(name).lost.push({ value, write });
        },
      };
    },
    allowed: (name, answeredAtMs, must) => {
      const { changes, lost } = of(name);
      const begun = ({ write }: Change) => mayShow(write) && write.beganAtMs <= answeredAtMs;
      const last = Math.max(
        0,
        changes.findLastIndex(({ write }) => must(write)),
      );
      return new Set([...changes.slice(last).filter(begun), ...lost.filter(begun)].map(({ value }) => value));
    },
    total: (name, answeredAtMs, must) => {
      const added = of(name).changes.slice(1);
      const begun = added.filter(({ write }) => mayShow(write) && write.beganAtMs <= answeredAtMs);
      return { least: added.filter(({ write }) => must(write)).length, most: begun.length };
    },
    noteCount: (name, count) => void of(name).counts.push({ atMs: now(), count }),
    counted: (name, must) => {
      const { changes, counts } = of(name);
      const lastBeganAtMs = changes.findLast(({ write }) => must?.(write))?.write.beganAtMs ?? 0;
      return counts.findLast(({ atMs }) => must === undefined || atMs < lastBeganAtMs)?.count ?? 0;
    },
    get registers() {
      return registers.keys();
    },
    describe: (name) => {
      const shown = of(name).changes.slice(-DESCRIBED);
      return shown.map(({ value, write }) => `${value} ${write.outcome} ${secondsOf(write)}`).join(", ");
    },
  };
}

const mayShow = ({ outcome }: Write): boolean => outcome !== "refused" && outcome !== "unmet";

const UNDER_WAY: Pick<Write, "outcome" | "position"> = { outcome: "under-way", position: undefined };
const DESCRIBED = 6;

function secondsOf({ beganAtMs, endedAtMs }: Write): string {
  return `(${(beganAtMs / 1000).toFixed(3)}-${(endedAtMs / 1000).toFixed(3)} s)`;
}
