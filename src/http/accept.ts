const JSON_RANGES: readonly string[] = ["application/json", "application/*", "*/*"]; // the most specific first
const ZERO = /^q\s*=\s*0(?:\.0{0,3})?$/i;

/** Whether an `Accept` header lets the answer be JSON (RFC 9110, 12.5.1). */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === "*/*" || accept.trim() === "") return true;
  const accepted = new Map<string, boolean>();
  for (const item of accept.split(",")) {
    const [range = "", ...parameters] = item.split(";").map((part) => part.trim());
    accepted.set(range.toLowerCase(), !parameters.some((p) => ZERO.test(p)));
  }
  const deciding = JSON_RANGES.find((range) => accepted.has(range));
  return deciding !== undefined && accepted.get(deciding) === true;
}
