/**
 * Writes canonical values as JSON. As `JSON.stringify`, but what JSON cannot say is not lost: NaN and the infinities are
 * the strings that the JSON form of `double` reads, and -0 stays -0.
 *
 * @example
 * toJsonText({ ratio: Number.NaN, offset: -0 }) // '{"ratio":"NaN","offset":-0}'
 */
export function toJsonText(value: unknown): string {
  return holdsOddNumber(value) ? write(value) : plainText(value);
}

const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

function holdsOddNumber(value: unknown): boolean {
  if (typeof value === "number") return isOdd(value);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsOddNumber);
  for (const name in value) {
    if (holdsOddNumber(Reflect.get(value, name))) return true;
  }
  return false;
}

function write(value: unknown): string {
  if (typeof value === "number" && isOdd(value)) return Number.isFinite(value) ? "-0" : `"${value}"`;
  if (typeof value !== "object" || value === null || "toJSON" in value) return plainText(value);
  if (Array.isArray(value)) return `[${Array.from(value, write).join(",")}]`;
  const members = Object.entries(value).filter(([, member]) => hasText(member));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(",")}}`;
}

const hasText = (member: unknown): boolean => !["undefined", "function", "symbol"].includes(typeof member);

/** What JSON has no text for (undefined, a function) is null, as it is inside an array. */
const plainText = (value: unknown): string => JSON.stringify(value) ?? "null";
