import type { IncomingHttpHeaders } from "node:http";
import type { AnswerOptions } from "../engine/near-cache.ts";
import type { Instant } from "../protocol/instant.ts";
import { show } from "../spec/error.ts";
import type { Values } from "../spec/mutation.ts";
import { openClustering, planOf } from "../spec/read-plan.ts";
import { parseCursor } from "./cursor.ts";
import type { Asked, AskedOne } from "./key-routes.ts";
import { badParameters, unknownParameter } from "./parameter-faults.ts";
import { wantedPosition } from "./position-headers.ts";
import type { Fault } from "./problem.ts";
import type { Query } from "./request-target.ts";

/** Everything that a request says about how it wants to be answered, beside which key. */
export interface ReadOptions {
  /** Undefined where no page was asked for: then the whole value, if it is within its bound. */
  readonly page: WantedPage | undefined;
  readonly answer: AnswerOptions;
}

export interface WantedPage {
  /** As asked; undefined where only `after` was given. */
  readonly limit: number | undefined;
  readonly after: Values | undefined;
}

/** The most rows of one page, and the rows of a page whose size nobody asked for. */
export const MAX_LIMIT = 1000;

/** What the query of a list may hold. */
export const LIST_QUERY: readonly string[] = ["limit", "after"];

const LIMIT = /^[1-9][0-9]{0,3}$/;

/** Reads the options of a request from its query and its headers. Throws `HttpProblem`, which names every fault of the query. */
export function readOptions(asked: Asked, query: Query, headers: IncomingHttpHeaders, arrivedAt: Instant): ReadOptions {
  // The query of a request for many is its keys.
  const page = asked.kind === "many" || query.size === 0 ? undefined : pageOf(asked, query);
  return { page, answer: { arrivedAt, ...wantedPosition(headers) } };
}

function pageOf(asked: AskedOne, query: Query): WantedPage {
  const known = asked.key.reading.kind === "rows" ? LIST_QUERY : [];
  const faults: Fault[] = [...query.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => unknownParameter(name, known));
  const limitText = single(query, "limit", faults);
  const afterText = single(query, "after", faults);
  const limit = limitText === undefined ? undefined : limitOf(limitText, faults);
  const after = afterText === undefined ? undefined : afterOf(asked, afterText, faults);
  if (faults.length > 0) throw badParameters(faults);
  return { limit, after };
}

function single(query: Query, name: string, faults: Fault[]): string | undefined {
  const values = query.get(name);
  if (values !== undefined && values.length > 1) {
    faults.push({ parameter: name, detail: `${values.length} values; give one` });
  }
  return values?.[0];
}

function limitOf(text: string, faults: Fault[]): number | undefined {
  if (LIMIT.test(text) && Number(text) <= MAX_LIMIT) return Number(text);
  faults.push({ parameter: "limit", detail: `${show(text)} is not a whole number from 1 to ${MAX_LIMIT}` });
  return undefined;
}

function afterOf({ key, params }: AskedOne, text: string, faults: Fault[]): Values | undefined {
  const plan = planOf(key, params);
  if (plan?.kind !== "rows") return undefined; // already a fault: only lists know `after`
  const after = parseCursor(plan.table, openClustering(plan), text);
  if (after === undefined) {
    faults.push({ parameter: "after", detail: "Not a cursor of this list; follow the Link header with rel=next" });
  }
  return after;
}
