import type { LiveField, LiveSchema } from "../../adapters/cassandra/live-schema.ts";
import { udt } from "../../spec/types/index.ts";
import { type CqlType, parseCqlType } from "./cql-type.ts";
import { camelCase, Identifiers } from "./identifiers.ts";
import { byName, type LeftOut, type PlannedType } from "./plan.ts";
import { LeftOutError, refused, type TypedCode, typedCode } from "./typed-code.ts";

export interface PlannedTypes {
  readonly planned: readonly PlannedType[];
  readonly declared: ReadonlyMap<string, TypedCode>;
  readonly leftOut: readonly LeftOut[];
}

/** The user-defined types of a keyspace, each after those that it is made of. */
export function planTypes(live: LiveSchema): PlannedTypes {
  const planned: PlannedType[] = [];
  const declared = new Map<string, TypedCode>();
  const leftOut: LeftOut[] = [];
  const identifiers = new Identifiers();
  for (const { name, fields } of inOrder(live.types)) {
    try {
      const coded = fields.map((field) => ({ name: field.name, ...typedCode(field.type, declared) }));
      const type = refused(() => udt(name, Object.fromEntries(coded.map((field) => [field.name, field.type]))));
      const constant = identifiers.take(`${camelCase(name)}Type`);
      declared.set(name, { type, code: constant });
      planned.push({ name, constant, fields: coded.map((field) => ({ name: field.name, code: field.code })) });
    } catch (error) {
      if (!(error instanceof LeftOutError)) throw error;
      leftOut.push({ what: "type", name, why: error.message });
    }
  }
  return { planned, declared, leftOut };
}

interface Udt {
  readonly name: string;
  readonly fields: readonly LiveField[];
}

/** By name, but a type comes after those that it names. Cassandra lets no type hold itself. */
function inOrder(types: LiveSchema["types"]): readonly Udt[] {
  const ordered = new Map<string, Udt>();
  const add = (udt: Udt): void => {
    if (ordered.has(udt.name)) return;
    for (const used of udt.fields.flatMap((field) => namesIn(parseCqlType(field.type)))) {
      const fields = types.get(used);
      if (fields !== undefined && used !== udt.name) add({ name: used, fields });
    }
    ordered.set(udt.name, udt);
  };
  for (const udt of byName([...types].map(([name, fields]) => ({ name, fields })))) add(udt);
  return [...ordered.values()];
}

const namesIn = (type: CqlType | undefined): readonly string[] =>
  type === undefined ? [] : [type.name, ...type.of.flatMap(namesIn)];
