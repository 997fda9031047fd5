import type { History, LogPosition, Must, Total, Value } from "./history.ts";

/** What an answer may say of each register. */
export interface Allowed {
  values(register: string): ReadonlySet<Value>;
  total(counter: string): Total;
  /** What is known of a register, in words: for whoever must find out why an answer was wrong. */
  describe(register: string): string;
}

/** When a request was sent and answered, and what the two sides said about it. */
export interface Asked {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** By how much more than the bound it may be old, because it says so itself and its key allows it; otherwise 0. */
  readonly labelMs: number;
  /** How old it says that it is at most. */
  readonly ageMs: number;
  /** Positions that the request asked for, or the answer claims: it must reflect everything up to there, without any bound. */
  readonly reflects: readonly LogPosition[];
}

/** What is promised. */
export interface Rules {
  readonly boundMs: number;
  /**
   * Whether an acknowledged increment must be seen. Not where a counter has several replicas: Cassandra (5.0.6) reports success also where
   * the increment's leader, once it is another node than the coordinator, was answered by too few of them. There only what was counted at
   * every replica must be seen.
   */
  readonly countersHold: boolean;
}

/** The clocks of client and server are those of one machine, but are rounded. */
const CLOCK_GRAIN_MS = 5;

/**
 * nearkey's promise: an answer reflects every write that was acknowledged more than the bound before its request was sent; and its age is no
 * understatement. The age counts from when it was answered, which is not before the request was sent, and not when the client noticed.
 */
export function promised(history: History, asked: Asked, { boundMs, countersHold }: Rules): Allowed {
  const { sentAtMs, answeredAtMs, labelMs, ageMs, reflects } = asked;
  const before = sentAtMs - Math.min(boundMs + labelMs, ageMs) - CLOCK_GRAIN_MS;
  const must: Must = (write) =>
    write.outcome === "acked" &&
    (write.endedAtMs <= before || reflects.some((position) => isCovered(write.position, position)));
  return {
    values: (register) => history.allowed(register, answeredAtMs, must),
    total: (counter) =>
      atLeast(history.total(counter, answeredAtMs, countersHold ? must : nothing), history.counted(counter, must)),
    describe: history.describe,
  };
}

/** What the database may hold once everything is at rest: every write that is done, announced or not. */
export function settled(history: History, { countersHold }: Pick<Rules, "countersHold">): Allowed {
  const must: Must = ({ outcome }) => outcome === "acked" || outcome === "unannounced";
  return {
    values: (register) => history.allowed(register, Number.POSITIVE_INFINITY, must),
    total: (counter) =>
      atLeast(
        history.total(counter, Number.POSITIVE_INFINITY, countersHold ? must : nothing),
        history.counted(counter),
      ),
    describe: history.describe,
  };
}

/** What the database does hold: at rest nothing else may be answered. */
export function exactly(values: ReadonlyMap<string, Value>, totals: ReadonlyMap<string, number>): Allowed {
  return {
    values: (register) => new Set([values.get(register) ?? null]),
    total: (counter) => {
      const total = totals.get(counter) ?? 0;
      return { least: total, most: total };
    },
    describe: () => "in the database",
  };
}

const atLeast = ({ least, most }: Total, count: number): Total => ({ least: Math.max(least, count), most });

const nothing: Must = () => false;

function isCovered(position: LogPosition | undefined, by: LogPosition): boolean {
  return position?.epoch === by.epoch && position.sequence <= by.sequence;
}
