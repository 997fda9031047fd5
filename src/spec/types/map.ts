import { z } from "zod";
import type { ColumnType } from "../column-type.ts";
import { ValueError } from "../error.ts";
import { escapeText, unescapeText } from "./escape.ts";
import { checkElement, checkOrdered, elementForm } from "./nesting.ts";
import { plainObject } from "./plain-object.ts";
import type { KeyType } from "./scalar.ts";

/** The canonical value of a map: its keys are the canonical texts of the key type, as in cache keys but not escaped. */
export type MapValue<Out> = Readonly<Record<string, Out>>;

interface Entry<K, V> {
  readonly text: string;
  readonly key: K;
  readonly value: V;
}

/**
 * CQL `map<key, value>`: a frozen object without prototype, so that no name is found in it that is not a key. Takes
 * such an object or a Map. The key type is a scalar, because a JSON object has text for keys. Cassandra keeps no empty
 * map that is not frozen: it reads back as null.
 *
 * @example
 * map(date, int).accept(new Map([["2026-11-21", 7]])) // { "2026-11-21": 7 }
 */
export function map<KOut, KIn, VOut, VIn>(
  keyType: KeyType<KOut, KIn>,
  valueType: ColumnType<VOut, VIn>,
): ColumnType<MapValue<VOut>, MapValue<VIn> | ReadonlyMap<KIn, VIn>> {
  const [key, value] = [elementForm(keyType), elementForm(valueType)];
  checkOrdered(key, "map");
  checkElement(value, "map");
  const cql = `map<${key.cql}, ${value.cql}>`;
  const order = (a: Entry<KOut, VOut>, b: Entry<KOut, VOut>): number => key.compare(a.key, b.key);
  const entriesOf = (object: MapValue<VOut>): Entry<KOut, VOut>[] =>
    Object.entries(object).map(([text, each]) => ({ text, key: keyOf(key, text), value: each }));
  return Object.freeze({
    cql,
    shape: Object.freeze({ kind: "map", key, value, frozen: false }),
    json: jsonMap(key, value),
    accept(given: unknown): MapValue<VOut> {
      const pairs =
        given instanceof Map ? [...given].map(([k, v]) => [textOf(key, k), v] as const) : objectEntries(cql, given);
      const entries = pairs.map(([text, v]) => ({ text, key: keyOf(key, text), value: value.accept(v) })).sort(order);
      const twice = entries.find((entry, i) => i > 0 && order(entries[i - 1] ?? entry, entry) === 0);
      if (twice !== undefined) throw new ValueError(cql, given, `each key once, but ${twice.text} comes twice`);
      return frozenObject(entries);
    },
    compare: (a: MapValue<VOut>, b: MapValue<VOut>) =>
      compareEntries(key, value, entriesOf(a).sort(order), entriesOf(b).sort(order)),
  });
}

/** The value that a name in a canonical map stands for. Throws `ValueError`. */
export function keyOf<Out>(type: KeyType<Out, unknown>, text: string): Out {
  const key = readKey(type, text);
  if (key === undefined) throw new ValueError(type.cql, text, expectedName(type));
  return key;
}

const expectedName = (type: KeyType): string => `the canonical text of a ${type.cql} other than -0, as a name in a map`;

/** A JavaScript Map, which is what the driver reads and writes, takes -0 for 0: no map has that key. */
function readKey<Out>(type: KeyType<Out, unknown>, text: string): Out | undefined {
  const escaped = escapeText(text);
  const key = escaped === undefined ? undefined : type.keyText.parse(escaped);
  return Object.is(key, -0) ? undefined : key;
}

const textOf = (type: KeyType, key: unknown): string => unescapeText(type.keyText.write(key)) ?? "";

function objectEntries(cql: string, value: unknown): readonly (readonly [string, unknown])[] {
  const object = plainObject(value);
  if (object === undefined) throw new ValueError(cql, value, "a plain object or a Map");
  return Object.entries(object);
}

function frozenObject<V>(entries: readonly { readonly text: string; readonly value: V }[]): MapValue<V> {
  const object: Record<string, V> = Object.create(null);
  for (const { text, value } of entries) object[text] = value;
  return Object.freeze(object);
}

/** Orders pair by pair, key before value, then the smaller map first, as Cassandra does. */
function compareEntries<K, V>(
  key: ColumnType<K, unknown>,
  value: ColumnType<V, unknown>,
  a: readonly Entry<K, V>[],
  b: readonly Entry<K, V>[],
): number {
  for (const [i, entry] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = key.compare(entry.key, other.key) || value.compare(entry.value, other.value);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** z.record() drops the name `__proto__`: it is refused here, because a map that silently lost an entry would be worse. */
function jsonMap<KOut, VOut>(key: KeyType<KOut, unknown>, value: ColumnType<VOut, unknown>): z.ZodType<MapValue<VOut>> {
  const name = z.string().refine((text) => readKey(key, text) !== undefined, `Expected ${expectedName(key)}`);
  const record = z.record(name, value.json).readonly();
  return z.preprocess((given, context) => {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__")) {
      context.addIssue({ code: "custom", message: 'A map in JSON cannot have the name "__proto__"' });
    }
    return given;
  }, record);
}
