/**
 * The key-spec language: tables, keys and writes as values. Pure: nothing here reads a clock, a socket or a database.
 *
 * @example
 * const users = table("users", { id: int, name: text }, { partition: ["id"] });
 * export const keys = defineKeys({ user: key("users_{id}").row(users) });
 *
 * @module
 */
export { checkBatch, isConditional, MAX_BATCH } from "./spec/batch.ts";
export { type Catalog, catalogOf, defineKeys, isKeySet, type KeySet, type NamedKey } from "./spec/catalog.ts";
export type { ColumnType, In, KeyText, Out, ScalarName, TypeShape } from "./spec/column-type.ts";
export { key } from "./spec/declare-key.ts";
export { NearkeyError, SpecError, ValueError } from "./spec/error.ts";
export type { ExportedKey, ExportedKeys, ExportedTable } from "./spec/export.ts";
export type { AnyKey, Binding, Key, ParamsOf, Read, Reading, RowsKey, Source, ValueOf, ViewLoad } from "./spec/key.ts";
export type { Bound, KeyBuilder, ViewableBuilder } from "./spec/key-builder.ts";
export type { Consistency, KeyOptions, OnUnproven } from "./spec/key-options.ts";
export { KeyTooLongError, MAX_KEY_LENGTH } from "./spec/key-text.ts";
export {
  type Condition,
  type If,
  increment,
  insert,
  type Mutation,
  MutationError,
  type MutationOp,
  type Range,
  remove,
  removePartition,
  removeRange,
  truncate,
  update,
  type Values,
} from "./spec/mutation.ts";
export { partitionName } from "./spec/partition.ts";
export type {
  ClusteringColumnsOf,
  Columns,
  ColumnsOf,
  KeyColumnsOf,
  Order,
  PartitionColumnsOf,
  PartitionKey,
  PrimaryKey,
  Row,
  StaticColumnsOf,
  Table,
  TtlUse,
} from "./spec/table.ts";
export { table } from "./spec/table.ts";
export type { Params, Segment, Template } from "./spec/template.ts";
export { type Touches, touchesOf } from "./spec/touches.ts";
export {
  ascii,
  bigint,
  blob,
  boolean,
  counter,
  date,
  decimal,
  double,
  duration,
  float,
  frozen,
  inet,
  int,
  type KeyType,
  list,
  type MapValue,
  map,
  set,
  smallint,
  type TupleInput,
  type TupleValue,
  text,
  time,
  timestamp,
  timeuuid,
  tinyint,
  toJsonText,
  tuple,
  type UdtInput,
  type UdtValue,
  udt,
  uuid,
  type VectorInput,
  varchar,
  varint,
  vector,
  type WideInteger,
} from "./spec/types/index.ts";
