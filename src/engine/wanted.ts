import type { AnyKey, Key } from "../spec/key.ts";

/** A key, its text and its canonical parameters: what is to be loaded. */
export interface Wanted {
  readonly key: AnyKey;
  readonly keyText: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Made where something must be loaded, not on the hit path. Throws `ValueError`. */
export function wantedOf(key: AnyKey, keyText: string, given: Readonly<Record<string, unknown>>): Wanted {
  const params = Object.fromEntries(Object.entries(key.params).map(([name, type]) => [name, type.accept(given[name])]));
  return { key, keyText, params: Object.freeze(params) };
}

/** A typed key seen as any key: the declaration that gave it its type also says how to read it, so nothing is lost. */
export function untyped<V, A>(key: Key<V, A>): AnyKey {
  return key as unknown as AnyKey;
}

/** The value of a key, seen as the type its declaration gives it. */
export function typed<V, A>(_key: Key<V, A>, value: unknown): V {
  return value as V;
}

/** Parameters seen as a record: every declared key takes an object. Throws `TypeError` for anything else. */
export function asParams(params: unknown): Readonly<Record<string, unknown>> {
  if (typeof params !== "object" || params === null)
    throw new TypeError("key parameters are an object, such as { id: 42 }");
  return params as Readonly<Record<string, unknown>>;
}
