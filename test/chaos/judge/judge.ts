import type { ReadAnswer } from "../clients/exchange.ts";
import type { Reading } from "../town/readings.ts";
import { type Allowed, type Asked, promised } from "./allowed.ts";
import type { Findings } from "./findings.ts";
import type { History } from "./history.ts";
import type { Floor, Positions } from "./positions.ts";

/** A read, from when it was sent to when it was answered. */
export interface Heard {
  readonly reading: Reading;
  /** The frontend's name and its process: another process begins anew. */
  readonly source: string;
  readonly floor: Floor;
  readonly asked: Omit<Asked, "labelled">;
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
  readonly boundMs: number;
}

export function createJudge({ history, positions, findings, boundMs }: JudgeOptions): Judge {
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

  const whatIsWrong = ({ reading, asked, answer }: Heard): readonly string[] => {
    const allowed = counting(promised(history, { ...asked, labelled: answer.coherent === false }, boundMs));
    return reading.check(answer.json, allowed, answer.next !== undefined);
  };

  return {
    judged,
    hear: (heard) => {
      judged.answers++;
      const { answer, asked, floor, reading, source } = heard;
      const named = asked.minPosition;
      const where = `${source} ${reading.path} (${answer.cacheStatus}; age ${answer.ageS} s; sent ${seconds(asked.sentAtMs)}, answered ${seconds(asked.answeredAtMs)}${named === undefined ? "" : `, at least ${named.epoch}.${named.sequence}`})`;
      try {
        for (const words of whatIsWrong(heard)) findings.add("stale", `${where}: ${words}`);
      } catch (error) {
        findings.add("malformed", `${where}: ${String(error)}`);
      }
      if (answer.coherent === undefined) findings.add("malformed", `${where}: no Nearkey-Coherent`);
      // Who asks for a position is told one that is not below it, wherever the frontend stands.
      const back = named === undefined ? positions.judge(source, floor, answer.position) : undefined;
      if (back !== undefined) findings.add("position went back", `${where}: ${back}`);
    },
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
