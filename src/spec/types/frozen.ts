import type { ColumnType } from "../column-type.ts";
import { SpecError } from "../error.ts";

/**
 * CQL `frozen<type>`: a collection or user-defined type that is written and read as one cell, so that its empty value is
 * kept. Tuples and vectors always are. Throws `SpecError` for a scalar.
 *
 * @example
 * list(frozen(set(int))) // list<frozen<set<int>>>
 */
export function frozen<T extends ColumnType>(type: T): T {
  const { shape } = type;
  if (shape.kind === "scalar") {
    throw new SpecError(
      `frozen stands around ${type.cql}`,
      "Only collections, tuples and user-defined types can be frozen",
    );
  }
  if (!("frozen" in shape) || shape.frozen) return type;
  return Object.freeze({ ...type, cql: `frozen<${type.cql}>`, shape: Object.freeze({ ...shape, frozen: true }) });
}
