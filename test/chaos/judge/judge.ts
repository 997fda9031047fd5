import type { ReadAnswer } from "../clients/exchange.ts";
import type { Reading } from "../town/readings.ts";
import { type Allowed, promised, type Rules } from "./allowed.ts";
import type { FindingKind, Findings } from "./findings.ts";
import type { History, LogPosition } from "./history.ts";
import type { Floor, Positions } from "./positions.ts";

/** A read, from when it was sent to when it was answered. */
export interface Heard {
  readonly reading: Reading;
  /** The frontend's name and its process: another process begins anew. */
  readonly source: string;
  readonly floor: Floor;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly minPosition: LogPosition | undefined;
  readonly answer: ReadAnswer;
}

/** Holds answers against what was written, and counts what it has judged. */
export interface Judge {
  hear(heard: Heard): void;
  /** How many answers were judged, and how many values in them. */
  readonly judged: { readonly answers: number; readonly values: number };
}

export interface JudgeOptions {
  readonly history: History;
  readonly positions: Positions;
  readonly findings: Findings;
  readonly rules: Rules;
}

export function createJudge({ history, positions, findings, rules }: JudgeOptions): Judge {
  const judged = { answers: 0, values: 0 };

  const counting = (allowed: Allowed): Allowed => ({
    values: (register) => {
      judged.values++;
      return allowed.values(register);
    },
    total: (counter) => {
      judged.values++;
      return allowed.total(counter);
    },
    describe: allowed.describe,
  });

  const check = ({ reading, sentAtMs, answeredAtMs, minPosition, floor, answer }: Heard): readonly string[] => {
    const claimed = positions.isTrusted(floor) ? [minPosition, answer.position] : [];
    const reflects = claimed.filter((position) => position !== undefined);
    const labelMs = answer.coherent === false ? (reading.labelMs ?? 0) : 0;
    // While somebody sets the log back what it told is nothing to go by: neither positions, nor ages.
    const ageMs = positions.isTrusted(floor) ? answer.ageS * 1_000 : Number.POSITIVE_INFINITY;
    const asked = { sentAtMs, answeredAtMs, reflects, labelMs, ageMs };
    return reading.check(answer.json, counting(promised(history, asked, rules)), answer.next !== undefined);
  };

  return {
    judged,
    hear: (heard) => {
      judged.answers++;
      const { answer, floor, minPosition, source } = heard;
      const found = (kind: FindingKind, words: string): void => findings.add(kind, `${describe(heard)}: ${words}`);
      try {
        for (const words of check(heard)) found("stale", words);
      } catch (error) {
        found("malformed", String(error));
      }
      if (answer.coherent === undefined) found("malformed", "no Nearkey-Coherent");
      if (!(answer.ageS >= 0)) found("malformed", "no Age");
      if (answer.source === "hit" && answer.position === undefined) found("malformed", "no Nearkey-Position");
      // Who asks for a position is told one that is not below it, wherever the frontend stands.
      const back =
        minPosition === undefined
          ? positions.judge(source, floor, answer.position)
          : positions.isTrusted(floor) && belowAsked(minPosition, answer.position);
      if (back) found("position went back", back);
    },
  };
}

/** Of another epoch it may be: then the position asked for is of a life of the log that is over. */
function belowAsked(asked: LogPosition, given: LogPosition | undefined): string | undefined {
  if (given?.epoch !== asked.epoch || given.sequence >= asked.sequence) return undefined;
  return `position ${given.sequence}, though ${asked.sequence} was asked for`;
}

function describe({ source, reading, answer, sentAtMs, answeredAtMs, minPosition }: Heard): string {
  const asked = minPosition === undefined ? "" : `, at least ${textOf(minPosition)}`;
  const when = `sent ${seconds(sentAtMs)}, answered ${seconds(answeredAtMs)}${asked}`;
  return `${source} ${reading.path} (${answer.cacheStatus}; age ${answer.ageS} s; at ${textOf(answer.position)}; ${when})`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

const textOf = (position: LogPosition | undefined): string =>
  position === undefined ? "no position" : `${position.epoch}.${position.sequence}`;
