/** Registered, so that an error thrown by one copy of nearkey is known by another: a key module often brings its own. */
const NEARKEY_ERROR: unique symbol = Symbol.for("nearkey.error");

/**
 * The root of every error that nearkey throws: a stable code, the offending value in words, and what to do.
 *
 * Catch by class, or compare `code`; messages may be reworded between versions, codes are not.
 *
 * @example
 * try { insert(users, { id: "x" }) } catch (e) { if (e instanceof NearkeyError) console.error(e.code, e.remedy) }
 */
export abstract class NearkeyError extends Error {
  abstract readonly code: string;
  readonly [NEARKEY_ERROR] = true;
  /** What the reader of the message can do about it; one sentence. */
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(`${message}. ${remedy}`, options);
    this.name = new.target.name;
    this.remedy = remedy;
  }

  /** True for errors of any copy of nearkey, as long as the root is asked; a class that extends it knows its own copy's only. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this, and must answer for themselves
    if (this !== NearkeyError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && NEARKEY_ERROR in value;
  }
}

/** A value that its column type cannot hold: wrong kind, out of range, a lone surrogate. */
export class ValueError extends NearkeyError {
  readonly code = "E_VALUE";
  /** The CQL type that refused, e.g. `int`. */
  readonly cqlType: string;
  readonly value: unknown;

  constructor(cqlType: string, value: unknown, expected: string) {
    super(`${show(value)} is not a valid ${cqlType}`, `Expected ${expected}`);
    this.cqlType = cqlType;
    this.value = value;
  }
}

/** A value in words, short enough for a log line: never more than 80 characters, whatever it holds. */
export function show(value: unknown): string {
  const text = inWords(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function inWords(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return String(value); // JSON has no NaN
  if (value instanceof Uint8Array) return `bytes[${value.length}]`;
  return safeJson(value) ?? (typeof value === "object" ? Object.prototype.toString.call(value) : String(value));
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // circular, or a bigint inside
  }
}

/** A declaration that cannot mean anything: a bad template, a table without a key, two colliding keys. */
export class SpecError extends NearkeyError {
  readonly code = "E_SPEC";
}
