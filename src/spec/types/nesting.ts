import type { ColumnType, TypeShape } from "../column-type.ts";
import { SpecError } from "../error.ts";

/**
 * The type that stands for a type inside a list, set or map. It is the same one for all but `inet`, because there
 * Cassandra takes each element apart and writes it anew (Java knows no IPv4-mapped addresses, so those become IPv4).
 */
export function elementForm<T>(of: T & { readonly elementForm?: T }): T {
  return of.elementForm ?? of;
}

/** Refuses, when a type is declared, what Cassandra would refuse inside a collection, tuple or vector when the table is created. */
export function checkElement(of: ColumnType, outer: string): void {
  const { shape } = of;
  if (shape.kind === "scalar" && shape.name === "counter") {
    throw new SpecError(`a counter stands inside a ${outer}`, "A counter is always a column of its own");
  }
  if ("frozen" in shape && !shape.frozen) {
    throw new SpecError(`a ${outer} holds ${of.cql}, which is not frozen`, `Write frozen(...) around the inner type`);
  }
}

/** Refuses durations where Cassandra would have to order them. */
export function checkOrdered(of: ColumnType, outer: string): void {
  if (holdsDuration(of.shape)) {
    throw new SpecError(
      `a ${outer} is ordered by ${of.cql}`,
      "Cassandra does not order durations: keep them out of sets and map keys",
    );
  }
}

function holdsDuration(shape: TypeShape): boolean {
  switch (shape.kind) {
    case "scalar":
      return shape.name === "duration";
    case "map":
      return holdsDuration(shape.key.shape) || holdsDuration(shape.value.shape);
    case "tuple":
      return shape.of.some((each) => holdsDuration(each.shape));
    case "udt":
      return Object.values(shape.fields).some((each) => holdsDuration(each.shape));
    default:
      return holdsDuration(shape.of.shape);
  }
}
