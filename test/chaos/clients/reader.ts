import type { FindingKind } from "../judge/findings.ts";
import type { LogPosition } from "../judge/history.ts";
import { pick } from "../pick.ts";
import { type Reading, someReading } from "../town/readings.ts";
import type { Person } from "../town/town.ts";
import type { Common, Served } from "./clients.ts";
import { FailedRead, MalformedRead, type ReadAnswer, read } from "./exchange.ts";

/** Reads, has every answer judged, and counts it. */
export interface Reader {
  /** Something by chance; a list that is read by pages to its end. */
  readSomething(frontend: Served): Promise<void>;
  /** Reads two keys of somebody whom a write was about: both must reflect the position of that write, whatever is broken. */
  readOwnWrite(person: Person, position: LogPosition): Promise<void>;
}

export interface Wanted {
  readonly minPosition?: LogPosition;
  /** For how long the frontend may wait for the position. */
  readonly waitS?: number;
}

/** How many of a circle are asked for more often than the others. */
const WELL_KNOWN = 2;

export function createReader(common: Common): Reader {
  const { chance, findings, frontends, judge, now, positions, tally, town } = common;

  const ask = async (frontend: Served, reading: Reading, wanted: Wanted): Promise<ReadAnswer | undefined> => {
    const source = `${frontend.name} (pid ${frontend.pid})`;
    const floor = positions.floor(source);
    const sentAtMs = now();
    const answer = await read({ url: `${frontend.url}${reading.path}`, headers: headersOf(wanted) }).catch((error) => {
      tally.now().readErrors++;
      const kind = findingOf(error);
      if (kind !== undefined) findings.add(kind, `${source} ${reading.path}: ${String(error)}`);
      return undefined;
    });
    if (answer === undefined) return undefined;
    judge.hear({ reading, source, floor, sentAtMs, answeredAtMs: now(), minPosition: wanted.minPosition, answer });
    count(answer, wanted);
    return answer;
  };

  const count = ({ source, ageS }: ReadAnswer, { minPosition }: Wanted): void => {
    const second = tally.now();
    second.reads[source]++;
    if (minPosition !== undefined) second.sessions++;
    if (source === "hit") second.oldestAgeS = Math.max(second.oldestAgeS, ageS);
  };

  return {
    readSomething: async (frontend) => {
      const { people } = pick(chance, town.circles);
      const person = pick(chance, chance.int(2) === 0 ? people.slice(0, WELL_KNOWN) : people);
      let reading: Reading | undefined = someReading(person, people, chance);
      for (let pages = 0; reading !== undefined; pages++) {
        if (pages > person.others.length) return findings.add("malformed", `${reading.path}: pages without an end`);
        const answer: ReadAnswer | undefined = await ask(frontend, reading, {});
        reading = answer?.next === undefined ? undefined : reading.follow?.(answer.next);
      }
    },
    readOwnWrite: async (person, minPosition) => {
      const own = (wanted: Wanted) => ask(pick(chance, frontends), someReading(person, [person], chance), wanted);
      await Promise.all([own({ minPosition }), own({ minPosition, waitS: 1 })]);
    },
  };
}

/** What is wrong with a read that failed: nothing where the server says that it cannot answer now, or does not answer. */
function findingOf(error: unknown): FindingKind | undefined {
  if (error instanceof MalformedRead) return "malformed";
  return error instanceof FailedRead && error.status !== 503 ? "unexpected status" : undefined;
}

function headersOf({ minPosition, waitS }: Wanted): Readonly<Record<string, string>> {
  return {
    ...(minPosition !== undefined && { "nearkey-min-position": `${minPosition.epoch}.${minPosition.sequence}` }),
    ...(waitS !== undefined && { prefer: `wait=${waitS}` }),
  };
}
