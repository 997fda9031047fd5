import { pick } from "../../sim/chance.ts";
import type { LogPosition } from "../judge/history.ts";
import { MalformedAnswer } from "../town/parts.ts";
import { type Reading, someReading } from "../town/readings.ts";
import type { Person } from "../town/town.ts";
import type { Common, Served } from "./clients.ts";
import { FailedRead, type ReadAnswer, read } from "./exchange.ts";

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
    const sent = read({ url: `${frontend.url}${reading.path}`, headers: headersOf(wanted) });
    const answer = await sent.catch((error: unknown) => noteError(`${source} ${reading.path}`, error));
    if (answer === undefined) return undefined;
    judge.hear({ reading, source, floor, sentAtMs, answeredAtMs: now(), minPosition: wanted.minPosition, answer });
    count(answer, wanted);
    return answer;
  };

  /** Where something is broken there may be no answer; but not any other. */
  const noteError = (asked: string, error: unknown): undefined => {
    if (error instanceof MalformedAnswer) {
      findings.add("malformed", `${asked}: ${error.message}`);
      return;
    }
    tally.now().readErrors++;
    if (error instanceof FailedRead && error.status !== 503) {
      findings.add("unexpected status", `${asked}: ${error.message}`);
    }
  };

  const count = ({ source, ageS }: ReadAnswer, { minPosition }: Wanted): void => {
    const second = tally.now();
    second.reads[source]++;
    if (minPosition !== undefined) second.sessions++;
    if (source === "hit") second.oldestAgeS = Math.max(second.oldestAgeS, ageS);
  };

  /** To the end, each page with a row at least; the page that would be one too many. */
  const readPages = async (frontend: Served, first: Reading, atMost: number): Promise<Reading | undefined> => {
    let reading: Reading | undefined = first;
    for (let page = 0; page < atMost && reading !== undefined; page++) {
      const answer: ReadAnswer | undefined = await ask(frontend, reading, {});
      reading = answer?.next === undefined ? undefined : reading.follow?.(answer.next);
    }
    return reading;
  };

  return {
    readSomething: async (frontend) => {
      const { people } = pick(chance, town.circles);
      const person = pick(chance, chance.int(2) === 0 ? people.slice(0, WELL_KNOWN) : people);
      const reading = someReading(person, people, chance);
      const unread = await readPages(frontend, reading, person.others.length + 1);
      if (unread !== undefined) findings.add("malformed", `${frontend.name} ${unread.path}: a page after the last`);
    },
    readOwnWrite: async (person, minPosition) => {
      const own = (wanted: Wanted) => ask(pick(chance, frontends), someReading(person, [person], chance), wanted);
      await Promise.all([own({ minPosition }), own({ minPosition, waitS: 1 })]);
    },
  };
}

function headersOf({ minPosition, waitS }: Wanted): Readonly<Record<string, string>> {
  return {
    ...(minPosition !== undefined && { "nearkey-min-position": `${minPosition.epoch}.${minPosition.sequence}` }),
    ...(waitS !== undefined && { prefer: `wait=${waitS}` }),
  };
}
