/** Every CQL type that nearkey knows, as a `ColumnType`. */
export { blob } from "./blob.ts";
export { boolean } from "./boolean.ts";
export { list, set } from "./collections.ts";
export { date } from "./dates.ts";
export { decimal } from "./decimal.ts";
export { duration } from "./duration.ts";
export { double, float } from "./floats.ts";
export { frozen } from "./frozen.ts";
export { inet } from "./inet.ts";
export { bigint, counter, int, smallint, tinyint, varint, type WideInteger } from "./integers.ts";
export { toJsonText } from "./json-text.ts";
export { type MapValue, map } from "./map.ts";
export type { KeyType } from "./scalar.ts";
export { sharedText } from "./shared-text.ts";
export {
  type TupleInput,
  type TupleValue,
  tuple,
  type UdtInput,
  type UdtValue,
  udt,
  type VectorInput,
  vector,
} from "./structures.ts";
export { ascii, text, text as varchar } from "./text.ts";
export { time, timestamp } from "./times.ts";
export { timeuuid, uuid } from "./uuids.ts";
