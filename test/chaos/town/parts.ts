/** An answer that is not of the form it must have. */
export class MalformedAnswer extends Error {}

export function list(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new MalformedAnswer(`no list: ${JSON.stringify(json)}`);
}

/** One for each that was asked for. */
export function listOf(json: unknown, length: number): readonly unknown[] {
  const found = list(json);
  if (found.length === length) return found;
  throw new MalformedAnswer(`a list of ${found.length} where ${length} were asked for`);
}

export type Row = Readonly<Record<string, unknown>>;

export function row(json: unknown): Row {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json };
  throw new MalformedAnswer(`no row: ${JSON.stringify(json)}`);
}

export function wholeNumber(json: unknown): number {
  const n = typeof json === "string" && /^\d+$/.test(json) ? Number(json) : json;
  if (typeof n === "number" && Number.isInteger(n)) return n;
  throw new MalformedAnswer(`no whole number: ${JSON.stringify(json)}`);
}

/** A text or nothing, as cells are. */
export function cell(json: unknown): string | null {
  if (typeof json === "string" || json === null) return json;
  throw new MalformedAnswer(`no text: ${JSON.stringify(json)}`);
}
