import { z } from "zod";
import type { ColumnType } from "../column-type.ts";
import { ValueError } from "../error.ts";
import { checkElement, checkOrdered, elementForm } from "./nesting.ts";

/**
 * CQL `list<of>`: a frozen array. Cassandra keeps no empty list that is not frozen: it reads back as null.
 *
 * @example
 * list(int).accept([3, 1, 3]) // [3, 1, 3]
 */
export function list<Out, In>(type: ColumnType<Out, In>): ColumnType<readonly Out[], readonly In[]> {
  const of = elementForm(type);
  checkElement(of, "list");
  const cql = `list<${of.cql}>`;
  return Object.freeze({
    cql,
    shape: Object.freeze({ kind: "list", of, frozen: false }),
    json: z.array(of.json).readonly(),
    accept(value: unknown): readonly Out[] {
      if (!Array.isArray(value)) throw new ValueError(cql, value, "an array");
      return frozenArray(value, of.accept);
    },
    compare: (a: readonly Out[], b: readonly Out[]) => compareElements(of, a, b),
  });
}

/**
 * CQL `set<of>`: a frozen array in Cassandra's order of the elements, each once. Takes an array or a Set. Cassandra keeps
 * no empty set that is not frozen: it reads back as null.
 *
 * @example
 * set(text).accept(["b", "a", "b"]) // ["a", "b"]
 */
export function set<Out, In>(type: ColumnType<Out, In>): ColumnType<readonly Out[], readonly In[] | ReadonlySet<In>> {
  const of = elementForm(type);
  checkElement(of, "set");
  checkOrdered(of, "set");
  const cql = `set<${of.cql}>`;
  const accept = (value: unknown): readonly Out[] => {
    if (!Array.isArray(value) && !(value instanceof Set)) throw new ValueError(cql, value, "an array or a Set");
    return sortedOnce(frozenArray(value, of.accept), of.compare);
  };
  return Object.freeze({
    cql,
    shape: Object.freeze({ kind: "set", of, frozen: false }),
    json: z
      .array(of.json)
      .readonly()
      .overwrite((elements) => sortedOnce(elements, of.compare)),
    accept,
    compare: (a: readonly Out[], b: readonly Out[]) => compareElements(of, a, b),
  });
}

/** Orders element by element, then the shorter first, as Cassandra does for lists and sets. */
export function compareElements<Out>(of: ColumnType<Out, unknown>, a: readonly Out[], b: readonly Out[]): number {
  const other = b.values();
  for (const element of a) {
    const against = other.next();
    if (against.done) return 1;
    const order = of.compare(element, against.value);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** A frozen array of accepted elements. Holes in an array count as undefined, which no type accepts. */
export function frozenArray<Out>(from: Iterable<unknown>, accept: (value: unknown) => Out): readonly Out[] {
  return Object.freeze(Array.from(from, (element) => accept(element)));
}

/** Of elements that Cassandra takes for equal the first stays: decimals 1.1 and 1.10. */
function sortedOnce<Out>(elements: readonly Out[], compare: (a: Out, b: Out) => number): readonly Out[] {
  const sorted = [...elements].sort(compare);
  let last: { readonly value: Out } | undefined;
  const once = sorted.filter((value) => {
    const repeated = last !== undefined && compare(last.value, value) === 0;
    if (!repeated) last = { value };
    return !repeated;
  });
  return Object.freeze(once);
}
