import type { ReadAnswer } from "../clients/exchange.ts";
import { MalformedAnswer } from "../town/parts.ts";
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
  /** When each process first said that an answer is coherent: until it has looked at what it rests on it says so of none. */
  const coherentFromMs = new Map<string, number>();

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

  const checkContent = ({ reading, sentAtMs, answeredAtMs, minPosition, floor, answer }: Heard): readonly string[] => {
    const claimed = positions.isTrusted(floor) ? [minPosition, answer.position] : [];
    const reflects = claimed.filter((position) => position !== undefined);
    const labelMs = answer.coherent === false ? (reading.labelMs ?? 0) : 0;
    const asked = { sentAtMs, answeredAtMs, reflects, labelMs, ageMs: answer.ageS * 1000 };
    return reading.check(answer.json, counting(promised(history, asked, rules)), answer.next !== undefined);
  };

  /**
   * Only what was in memory may be labelled, once its process knows that what it reads anew is not old. What it had begun to read before may
   * be joined for a while.
   */
  const checkLabel = ({ answer, answeredAtMs, reading, sentAtMs, source }: Heard, found: Found): void => {
    const knownAtMs = coherentFromMs.get(source) ?? Number.POSITIVE_INFINITY;
    if (answer.coherent === true) coherentFromMs.set(source, Math.min(knownAtMs, answeredAtMs));
    const mayBeLabelled = reading.labelMs !== undefined && answer.cacheStatus.startsWith("nearkey; hit");
    const isLabelled = answer.coherent === false && sentAtMs > knownAtMs + rules.boundMs;
    if (isLabelled && !mayBeLabelled) found("unexpected label", "it says that it may be old");
  };

  const checkPosition = ({ answer, floor, minPosition, source }: Heard, found: Found): void => {
    // A process that was just started has none before it first reaches the log.
    const mustHaveOne = positions.isTrusted(floor) && (minPosition ?? floor.position) !== undefined;
    if (mustHaveOne && answer.position === undefined) found("malformed", "no Nearkey-Position");
    // Who asks for a position is told one that is not below it, wherever the frontend stands.
    const before = minPosition === undefined ? floor : { ...floor, position: minPosition };
    const back = positions.judge(minPosition === undefined ? source : undefined, before, answer.position);
    if (back !== undefined) found("position went back", back);
  };

  return {
    judged,
    hear: (heard) => {
      judged.answers++;
      const found: Found = (kind, words) => findings.add(kind, `${describe(heard)}: ${words}`);
      checkHeaders(heard, found);
      checkLabel(heard, found);
      checkPosition(heard, found);
      try {
        for (const words of checkContent(heard)) found("stale", words);
      } catch (error) {
        if (error instanceof MalformedAnswer) found("malformed", error.message);
        else found("uncaught error", `of the judge: ${String(error)}`);
      }
    },
  };
}

type Found = (kind: FindingKind, words: string) => void;

/** What an answer must say of itself. */
function checkHeaders({ answer }: Heard, found: Found): void {
  const { ageS, cacheStatus, coherent } = answer;
  if (coherent === undefined) found("malformed", "no Nearkey-Coherent");
  if (!(Number.isInteger(ageS) && ageS >= 0)) found("malformed", "no Age");
  if (!cacheStatus.startsWith("nearkey; ")) found("malformed", "no Cache-Status");
}

function describe({ source, reading, answer, sentAtMs, answeredAtMs, minPosition }: Heard): string {
  const asked = minPosition === undefined ? "" : `, at least ${textOf(minPosition)}`;
  const when = `sent ${seconds(sentAtMs)}, answered ${seconds(answeredAtMs)}${asked}`;
  return `${source} ${reading.path} (${answer.cacheStatus}; age ${answer.ageS} s; at ${textOf(answer.position)}; ${when})`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

const textOf = (position: LogPosition | undefined): string =>
  position === undefined ? "no position" : `${position.epoch}.${position.sequence}`;
