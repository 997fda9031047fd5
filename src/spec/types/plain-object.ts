/**
 * The own members of an object literal, of `Object.create(null)` or of parsed JSON, as an object without prototype;
 * undefined for anything else: a Date, an array or a class of the driver given by mistake would read as its fields.
 */
export function plainObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return undefined;
  return Object.assign(Object.create(null), value);
}
