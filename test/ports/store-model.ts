import fc from "fast-check";
import type { StoreRead } from "../../src/ports/store.ts";
import { WriteRefusedError } from "../../src/ports/store-errors.ts";
import { insert, type Mutation, remove, removePartition, removeRange, update } from "../../src/spec/mutation.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import type { Subject } from "./store-subject.ts";
import { boxes } from "./store-tables.ts";

/** One call of `write`, made for a partition of its own in each run. */
export interface Step {
  readonly timestamp: number;
  readonly mutations: (at: Place) => readonly Mutation[];
}

interface Place {
  readonly p: number;
  /** Of this step and no other, so that no tie hangs on the second in which a write arrived. */
  readonly ttlSeconds: number;
}

/** Few keys, few values and few timestamps, so that most steps meet another. */
const rowKey = fc.record({ a: fc.constantFrom(1, 2, 2, 3), b: fc.constantFrom("x", "x", "y") });
const nullable = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { freq: 4 });
const small = fc.constantFrom(-1, 0, 1, 256);
const words = fc.array(fc.constantFrom("a", "b"), { maxLength: 2 });
const numbers = fc.array(small, { maxLength: 2 });

const regular = fc.record(
  {
    v: nullable(small),
    t: nullable(fc.constantFrom("", "a", "b")),
    l: nullable(words),
    m: nullable(fc.dictionary(fc.constantFrom("x", "y"), small, { maxKeys: 2 })),
    u: nullable(fc.record({ street: nullable(fc.constant("s")), zip: nullable(small) })),
    f: nullable(numbers),
  },
  { requiredKeys: [] },
);
const statics = fc.record({ s: nullable(fc.constantFrom("p", "q")), ss: nullable(numbers) }, { requiredKeys: [] });
const compared = fc.record(
  {
    v: nullable(small),
    t: nullable(fc.constantFrom("a", "b")),
    l: nullable(words),
    s: nullable(fc.constantFrom("p", "q")),
  },
  { requiredKeys: [] },
);

const expires = fc.option(fc.constant(true), { freq: 5, nil: false });

type Make = (at: Place) => Mutation;

const plain: fc.Arbitrary<Make> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(rowKey, regular, statics, expires).map(insertOf) },
  { weight: 4, arbitrary: fc.tuple(rowKey, regular, statics, expires).map(updateOf) },
  { weight: 2, arbitrary: fc.tuple(statics, expires).map(([set, options]) => staticsOf(set, options)) },
  {
    weight: 2,
    arbitrary: rowKey.map(
      (key): Make =>
        ({ p }) =>
          remove(boxes, { p, ...key }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Make>(({ p }) => removePartition(boxes, { p })) },
  { weight: 2, arbitrary: rangeDelete() },
);

const conditional: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(rowKey, regular).map(
    ([key, set]): Make =>
      ({ p }) =>
        insert(boxes, { p, ...key, ...set }, { ifNotExists: true }),
  ),
  fc.tuple(rowKey, regular).map(
    ([key, set]): Make =>
      ({ p }) =>
        update(boxes, { p, ...key }, { v: 1, ...set }, { ifExists: true }),
  ),
  fc.tuple(rowKey, regular, compared).map(
    ([key, set, given]): Make =>
      ({ p }) =>
        update(boxes, { p, ...key }, { v: 1, ...set }, { if: { v: 1, ...given } }),
  ),
  fc.tuple(rowKey, compared).map(
    ([key, given]): Make =>
      ({ p }) =>
        remove(boxes, { p, ...key }, { if: { t: null, ...given } }),
  ),
  statics.map(
    (set): Make =>
      ({ p }) =>
        update(boxes, { p }, { s: "p", ...set }, { ifExists: true }),
  ),
  fc.constantFrom("p", "q", null).map(
    (s): Make =>
      ({ p }) =>
        update(boxes, { p }, { s: "q", ss: [1] }, { if: { s } }),
  ),
);

const FUTURE_MICROS = (Date.now() + 86_400_000) * 1000;

/** Before and after every timestamp that a server may give. */
const timestamp = fc
  .tuple(fc.constantFrom(0, 0, 0, FUTURE_MICROS), fc.integer({ min: 1, max: 3 }))
  .map(([a, b]) => a + b);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .tuple(
      timestamp,
      fc.oneof(
        { weight: 6, arbitrary: fc.tuple(plain) },
        { weight: 1, arbitrary: fc.tuple(conditional) },
        { weight: 2, arbitrary: fc.array(plain, { minLength: 2, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.tuple(conditional, plain) },
      ),
    )
    .map(([at, makes]) => stepOf(at, makes)),
  { minLength: 1, maxLength: 14 },
);

function stepOf(at: number, makes: readonly Make[]): Step {
  const mutations = (place: Place): readonly Mutation[] => makes.map((make) => make(place));
  const shown = () =>
    `at ${at}: ${JSON.stringify(mutations({ p: 0, ttlSeconds: 1 }), (name, value) => (name === "table" ? undefined : value))}`;
  return Object.assign({ timestamp: at, mutations }, { [fc.toStringMethod]: shown });
}

type RowParts = [key: { a: number; b: string }, set: object, statics: object, expires: boolean];

const ttlIf = (does: boolean, { ttlSeconds }: Place) => (does ? { ttlSeconds } : {});

function insertOf([key, set, fixed, does]: RowParts): Make {
  return (at) => insert(boxes, { p: at.p, ...key, ...set, ...fixed }, ttlIf(does, at));
}

function updateOf([key, set, fixed, does]: RowParts): Make {
  return (at) => update(boxes, { p: at.p, ...key }, { v: 0, ...set, ...fixed }, ttlIf(does, at));
}

function staticsOf(set: object, does: boolean): Make {
  return (at) => update(boxes, { p: at.p }, { s: "s", ...set }, ttlIf(does, at));
}

function rangeDelete(): fc.Arbitrary<Make> {
  const bounds = <T>(of: fc.Arbitrary<T>) =>
    fc.oneof(
      fc.record({ gt: of }),
      fc.record({ gte: of, lt: of }),
      fc.record({ lte: of }),
      fc.record({ gt: of, lte: of }),
    );
  const ofA = bounds(rowKey.map(({ a }) => a)).map(
    (range): Make =>
      ({ p }) =>
        removeRange(boxes, { p }, range),
  );
  const ofB = fc.tuple(rowKey, bounds(fc.constantFrom("x", "y"))).map(
    ([{ a }, range]): Make =>
      ({ p }) =>
        removeRange(boxes, { p, a }, range),
  );
  return fc.oneof(ofA, ofB);
}

/** What a step came to, in a form that two stores can be compared by. */
export async function outcomeOf(subject: Subject, { mutations, timestamp: at }: Step, place: Place): Promise<unknown> {
  try {
    return await subject.write(at, ...mutations(place));
  } catch (error) {
    if (error instanceof WriteRefusedError) return "refused";
    throw error;
  }
}

/** Every way to read the partition. */
export function readsOf(p: number): readonly ReadPlan[] {
  const rowPlans = [1, 2, 3].flatMap((a) =>
    ["x", "y"].map((b): ReadPlan => ({ kind: "row", table: boxes, where: { p, a, b } })),
  );
  return [
    { kind: "rows", table: boxes, where: { p } },
    { kind: "count", table: boxes, where: { p } },
    { kind: "rows", table: boxes, where: { p, a: 2 } },
    { kind: "count", table: boxes, where: { p, a: 2 } },
    { kind: "rows", table: boxes, where: { p }, limit: 2 },
    { kind: "rows", table: boxes, where: { p }, after: { a: 2, b: "x" }, limit: 2 },
    { kind: "rows", table: boxes, where: { p }, after: { a: 3, b: "y" } },
    ...rowPlans,
  ];
}

/** A read in a form that two stores can be compared by: expiry only to the nearest hundred seconds, as TTLs are apart. */
export function comparable({ count, expiresInMs, expiryKnown, rows }: StoreRead): unknown {
  return {
    rows,
    count,
    expiryKnown,
    expiresIn: expiresInMs === undefined ? "never" : Math.round((expiresInMs + 20_000) / 100_000),
  };
}
