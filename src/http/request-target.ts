import { HttpProblem } from "./problem.ts";

/** What the request line names: the decoded segments of the path, and the query as sent. */
export interface RequestTarget {
  /** A segment whose percent-encoding is broken is undefined: it may be a parameter, but equals no word. */
  readonly segments: readonly (string | undefined)[];
  readonly query: string;
}

/** The longest target that is read: a hundred UUIDs fit. */
export const MAX_TARGET_LENGTH = 8192;

/** Takes a request target apart; undefined where it is no path, e.g. the `*` of OPTIONS. */
export function parseTarget(url: string | undefined): RequestTarget | undefined {
  const target = url?.startsWith("/") ? url : pathOfAbsolute(url);
  if (target === undefined) return undefined;
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  return {
    segments: path.slice(1).split("/").map(decode),
    query: mark < 0 ? "" : target.slice(mark + 1),
  };
}

/** A proxy may send the whole URI (RFC 9112, 3.2.2). */
function pathOfAbsolute(url: string | undefined): string | undefined {
  return /^https?:\/\/[^/?]*(\/.*)$/i.exec(url ?? "")?.[1];
}

function decode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // not UTF-8
  }
}

/** The values of each name, in the order sent. A Map, because `__proto__` is a name like any other here. */
export type Query = ReadonlyMap<string, readonly string[]>;

const NO_QUERY: Query = new Map();

/** Reads a query. Refuses broken percent-encoding: it cannot be told what was meant. */
export function parseQuery(text: string): Query {
  if (text === "") return NO_QUERY;
  const query = new Map<string, string[]>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeForm(equals < 0 ? pair : pair.slice(0, equals));
    const value = decodeForm(equals < 0 ? "" : pair.slice(equals + 1));
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}

function decodeForm(text: string): string {
  const decoded = decode(text.replaceAll("+", " "));
  if (decoded === undefined) {
    throw new HttpProblem("bad-parameter", {
      detail: "The query has percent-encoding that is not UTF-8; encode it with encodeURIComponent",
    });
  }
  return decoded;
}
