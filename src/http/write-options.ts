import type { IncomingMessage } from "node:http";
import { show } from "../spec/error.ts";
import { badParameters, unknownParameter } from "./parameter-faults.ts";
import { type Fault, HttpProblem } from "./problem.ts";
import type { Query } from "./request-target.ts";

/** What must hold for a write to be done. */
export type Precondition = "exists" | "notExists";

/** Everything that a request says about how it wants to be written, beside what. */
export interface WriteOptions {
  readonly ttlSeconds: number | undefined;
  readonly precondition: Precondition | undefined;
}

/** What one method of one resource understands. */
export interface Understood {
  readonly ttl: boolean;
  readonly preconditions: readonly Precondition[];
}

const WHOLE = /^[1-9][0-9]{0,8}$/;

/** Reads the options of a write. Throws `HttpProblem`: a condition or lifetime that is passed over would write what must not be written. */
export function writeOptions(req: IncomingMessage, query: Query, understood: Understood): WriteOptions {
  const known = understood.ttl ? ["ttl"] : [];
  const faults: Fault[] = [...query.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => unknownParameter(name, known));
  const ttlSeconds = ttlOf(query.get("ttl") ?? [], faults);
  if (faults.length > 0) throw badParameters(faults);
  return { ttlSeconds, precondition: preconditionOf(req, understood.preconditions) };
}

function ttlOf(texts: readonly string[], faults: Fault[]): number | undefined {
  const [text, ...more] = texts;
  if (text === undefined) return undefined;
  if (more.length === 0 && WHOLE.test(text)) return Number(text);
  faults.push({ parameter: "ttl", detail: `${show(texts.join(", "))} is not one whole number of seconds above 0` });
  return undefined;
}

function preconditionOf(req: IncomingMessage, understood: readonly Precondition[]): Precondition | undefined {
  const match = req.headers["if-match"];
  const noneMatch = req.headers["if-none-match"];
  if (match === undefined && noneMatch === undefined) return undefined;
  const asked = match === undefined ? "notExists" : "exists";
  const text = match ?? noneMatch;
  if ((match !== undefined && noneMatch !== undefined) || text?.trim() !== "*" || !understood.includes(asked)) {
    throw new HttpProblem("unsupported-precondition", { detail: detailOf(understood) });
  }
  return asked;
}

function detailOf(understood: readonly Precondition[]): string {
  const known = understood.map((each) => (each === "exists" ? "If-Match: *" : "If-None-Match: *"));
  const here = known.length > 0 ? `Understood here is ${known.join(" or ")}` : "No precondition is understood here";
  return `${here}; entity tags are not compared. Nothing was written`;
}

/** The option as mutations take it: left out where there is none. */
export function ttl(ttlSeconds: number | undefined): { readonly ttlSeconds?: number } {
  return ttlSeconds === undefined ? {} : { ttlSeconds };
}
