import type { z } from "zod";
import { type Fault, HttpProblem } from "./problem.ts";

/** The most faults that one answer lists. */
const MAX_FAULTS = 100;

/** The body as its schema gives it. Throws an `HttpProblem` that lists every fault with its place in the body. */
export function checkedBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidBody(parsed.error.issues.flatMap(faultsOf));
}

export function invalidBody(faults: readonly Fault[]): HttpProblem {
  const said = faults.slice(0, 3).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  return new HttpProblem("invalid-body", { detail: said.join("; "), errors: faults.slice(0, MAX_FAULTS) });
}

/** A place in the body as a JSON pointer in a URI fragment (RFC 6901, 6), as in the example of RFC 9457. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return ["#", ...path.map((token) => encodeURIComponent(escapePointer(String(token))))].join("/");
}

/** Half a surrogate pair, which JSON can hold and a URI cannot, becomes U+FFFD. */
function escapePointer(token: string): string {
  return token
    .replaceAll("~", "~0")
    .replaceAll("/", "~1")
    .replace(/[\uD800-\uDFFF]/gu, "\uFFFD");
}

/** zod gathers unknown names of one object into one issue; here each has its own place. */
function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code !== "unrecognized_keys") return [{ pointer: pointerTo(issue.path), detail: issue.message }];
  return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: "There is no such name here" }));
}
