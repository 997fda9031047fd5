import type { ColumnType } from "../../spec/column-type.ts";
import { SpecError } from "../../spec/error.ts";
import * as types from "../../spec/types/index.ts";
import { type CqlType, parseCqlType } from "./cql-type.ts";

/** A column type, and the code that makes it. */
export interface TypedCode {
  readonly type: ColumnType;
  /** E.g. `frozen(list(text))`. */
  readonly code: string;
}

/** The user-defined types that are declared, by their names in the schema. */
export type DeclaredTypes = ReadonlyMap<string, TypedCode>;

/** Why something is left out, in words that follow its name and a colon. It does not leave this folder, or that of `check`. */
export class LeftOutError extends Error {}

const SCALARS: Readonly<Record<string, ColumnType>> = {
  ascii: types.ascii,
  bigint: types.bigint,
  blob: types.blob,
  boolean: types.boolean,
  counter: types.counter,
  date: types.date,
  decimal: types.decimal,
  double: types.double,
  duration: types.duration,
  float: types.float,
  inet: types.inet,
  int: types.int,
  smallint: types.smallint,
  text: types.text,
  time: types.time,
  timestamp: types.timestamp,
  timeuuid: types.timeuuid,
  tinyint: types.tinyint,
  uuid: types.uuid,
  varint: types.varint,
};

/** The type of a column as the schema writes it. Throws `LeftOutError` for one that nearkey cannot declare. */
export function typedCode(cql: string, declared: DeclaredTypes): TypedCode {
  const parsed = parseCqlType(cql);
  if (parsed === undefined) throw new LeftOutError(`nearkey has no type ${cql}`);
  const made = refused(() => make(parsed, declared));
  if (made.type.cql !== cql) throw new LeftOutError(`nearkey would declare its type ${cql} as ${made.type.cql}`);
  return made;
}

/** What the language says against a declaration is why it is left out. */
export function refused<T>(declare: () => T): T {
  try {
    return declare();
  } catch (error) {
    if (error instanceof SpecError) throw new LeftOutError(error.message.replace(/^(table|type) [^:]*: /, ""));
    throw error;
  }
}

function make({ name, of }: CqlType, declared: DeclaredTypes): TypedCode {
  const inner = () => of.map((each) => make(each, declared));
  const [first, second] = of;
  if (first === undefined) return scalarOrUdt(name, declared);
  if (name === "vector") return vectorOf(make(first, declared), second?.name ?? "");
  const made = inner();
  const code = `${name}(${made.map((each) => each.code).join(", ")})`;
  switch (name) {
    case "frozen":
      return frozenOf(one(made));
    case "list":
      return { code, type: types.list(one(made).type) };
    case "set":
      return { code, type: types.set(one(made).type) };
    case "map":
      return { code, type: mapOf(made) };
    case "tuple":
      return { code, type: tupleOf(made) };
    default:
      throw new LeftOutError(`nearkey has no type ${name}<...>`);
  }
}

function scalarOrUdt(name: string, declared: DeclaredTypes): TypedCode {
  const scalar = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
  const found = scalar === undefined ? declared.get(name) : { code: name, type: scalar };
  if (found === undefined) throw new LeftOutError(`its type ${name} is not declared`);
  return found;
}

function one([first]: readonly TypedCode[]): TypedCode {
  if (first === undefined) throw new LeftOutError("a type lacks what it is of");
  return first;
}

/** A tuple and a vector always are frozen, and are written without it. */
function frozenOf(inner: TypedCode): TypedCode {
  const type = types.frozen(inner.type);
  return type === inner.type ? inner : { type, code: `frozen(${inner.code})` };
}

function mapOf([key, value]: readonly TypedCode[]): ColumnType {
  const keyType = key?.type;
  if (keyType === undefined || value === undefined) throw new LeftOutError("a map lacks a type");
  if (!isKeyType(keyType)) {
    throw new LeftOutError(`a map by ${keyType.cql} has no form in JSON, where names are texts`);
  }
  return types.map(keyType, value.type);
}

const isKeyType = (type: ColumnType): type is types.KeyType => type.keyText !== undefined;

function tupleOf(parts: readonly TypedCode[]): ColumnType {
  const [first, ...others] = parts.map(({ type }) => type);
  if (first === undefined) throw new LeftOutError("a tuple lacks its types");
  return types.tuple(first, ...others);
}

function vectorOf(of: TypedCode, size: string): TypedCode {
  return { type: types.vector(of.type, Number(size)), code: `vector(${of.code}, ${size})` };
}
