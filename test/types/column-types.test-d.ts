import { expectTypeOf } from "vitest";
import { fromDriver } from "../../src/adapters/cassandra/codec.ts";
import type { ColumnType, In, Out } from "../../src/spec/column-type.ts";
import * as t from "../../src/spec/types/index.ts";

// The canonical values are those of JSON.
expectTypeOf<Out<typeof t.int>>().toEqualTypeOf<number>();
expectTypeOf<Out<typeof t.bigint>>().toEqualTypeOf<string>();
expectTypeOf<Out<typeof t.timestamp>>().toEqualTypeOf<string>();
expectTypeOf<Out<typeof t.boolean>>().toEqualTypeOf<boolean>();
expectTypeOf<Out<typeof t.duration>>().toEqualTypeOf<string>();

// A caller may pass what JavaScript has for the type, and nothing of another kind.
expectTypeOf<In<typeof t.int>>().toEqualTypeOf<number>();
expectTypeOf<In<typeof t.text>>().toEqualTypeOf<string>();
expectTypeOf<In<typeof t.bigint>>().toEqualTypeOf<bigint | number | string>();
expectTypeOf<In<typeof t.counter>>().toEqualTypeOf<bigint | number | string>();
expectTypeOf<In<typeof t.varint>>().toEqualTypeOf<bigint | number | string>();
expectTypeOf<In<typeof t.timestamp>>().toEqualTypeOf<Date | string>();
expectTypeOf<In<typeof t.date>>().toEqualTypeOf<string>();
expectTypeOf<In<typeof t.blob>>().toEqualTypeOf<Uint8Array | string>();
expectTypeOf<In<typeof t.decimal>>().toEqualTypeOf<string>();
expectTypeOf<In<typeof t.double>>().toEqualTypeOf<number>();

// Types that may stand in a key say so, the others do not.
expectTypeOf(t.int.keyText.write).toBeFunction();
expectTypeOf(t.counter.keyText).extract<undefined>().toEqualTypeOf<undefined>();
// @ts-expect-error a list has no key text
t.list(t.int).keyText.write;

// Collections are readonly, and take what is natural for them.
const moments = t.list(t.timestamp);
expectTypeOf<Out<typeof moments>>().toEqualTypeOf<readonly string[]>();
expectTypeOf<In<typeof moments>>().toEqualTypeOf<readonly (Date | string)[]>();
const ids = t.set(t.bigint);
expectTypeOf<Out<typeof ids>>().toEqualTypeOf<readonly string[]>();
expectTypeOf<In<typeof ids>>().toEqualTypeOf<readonly t.WideInteger[] | ReadonlySet<t.WideInteger>>();
const visits = t.map(t.date, t.int);
expectTypeOf<Out<typeof visits>>().toEqualTypeOf<Readonly<Record<string, number>>>();
expectTypeOf<In<typeof visits>>().toEqualTypeOf<Readonly<Record<string, number>> | ReadonlyMap<string, number>>();
// @ts-expect-error a JSON object has text for keys: a map's key is a scalar
t.map(t.frozen(t.list(t.int)), t.int);

// Tuples and user-defined types may hold null anywhere; a field of the latter may be left out.
const pair = t.tuple(t.int, t.timestamp);
expectTypeOf<Out<typeof pair>>().toEqualTypeOf<readonly [number | null, string | null]>();
expectTypeOf<In<typeof pair>>().toEqualTypeOf<readonly [number | null, Date | string | null]>();
const address = t.udt("address", { street: t.text, since: t.timestamp });
expectTypeOf<Out<typeof address>>().toEqualTypeOf<{ readonly street: string | null; readonly since: string | null }>();
expectTypeOf<In<typeof address>>().toEqualTypeOf<{
  readonly street?: string | null;
  readonly since?: Date | string | null;
}>();

// Only a vector of numbers takes a Float32Array.
const embedding = t.vector(t.float, 3);
expectTypeOf<In<typeof embedding>>().toEqualTypeOf<readonly number[] | Float32Array>();
const words = t.vector(t.text, 3);
expectTypeOf<In<typeof words>>().toEqualTypeOf<readonly string[]>();

// Frozen changes how Cassandra stores a type, not its values; and what nests keeps its types.
const nested = t.list(t.frozen(address));
expectTypeOf(t.frozen(visits)).toEqualTypeOf<typeof visits>();
expectTypeOf<Out<typeof nested>>().toEqualTypeOf<readonly Out<typeof address>[]>();

// What the codec reads is the canonical value, or null.
expectTypeOf(fromDriver(t.int, 42)).toEqualTypeOf<number | null>();
expectTypeOf(fromDriver(nested, null)).toEqualTypeOf<readonly Out<typeof address>[] | null>();

// Every type is a column type.
expectTypeOf(nested).toExtend<ColumnType>();
expectTypeOf(t.timestamp).toExtend<ColumnType>();
