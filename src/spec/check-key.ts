import type { ColumnType } from "./column-type.ts";
import { SpecError, show } from "./error.ts";
import type { Binding, Source } from "./key.ts";
import type { KeyOptions } from "./key-options.ts";
import { columnOf, primaryKeyOf, type Table } from "./table.ts";
import { paramNames, type Template } from "./template.ts";

type Types = Readonly<Record<string, ColumnType>>;
type Refuse = (what: string, remedy: string) => never;

/** Refuses a binding that does not say where to read: every required column, and clustering columns in order. */
export function checkRead(template: Template, { table, bind }: Source, required: readonly string[]): void {
  const refuse = refusing(template, table);
  for (const column of required) {
    if (!Object.hasOwn(bind, column)) refuse(`nothing fills ${column}`, "Bind every column that the read needs");
  }
  const bound = table.clustering.map((c) => Object.hasOwn(bind, c.column));
  const gap = bound.indexOf(false);
  if (gap >= 0 && bound.lastIndexOf(true) > gap) {
    refuse(
      `${table.clustering[gap]?.column} is not bound but a later clustering column is`,
      "Bind clustering columns in order",
    );
  }
}

/** Refuses a binding of anything but key columns to parameters of the template, each of the column's own type. */
export function checkSource(template: Template, params: Types, { table, bind }: Source): void {
  const refuse = refusing(template, table);
  const keyColumns = primaryKeyOf(table);
  for (const [column, param] of Object.entries(bind)) {
    if (!keyColumns.includes(column))
      refuse(`${column} is not a key column`, "Bind a key column, or read through a lookup table");
    const type = columnOf(table, column);
    const as = params[param];
    if (as === undefined)
      refuse(`${column} fills {${param}}, which is no parameter`, "Name a parameter of the template");
    else if (as.cql !== type?.cql)
      refuse(
        `{${param}} is of type ${as.cql}, but ${column} of type ${type?.cql}`,
        "Give the parameter the type of the column",
      );
  }
  checkOneEach(bind, refuse);
}

function checkOneEach(bind: Binding, refuse: Refuse): void {
  const names = Object.values(bind);
  if (new Set(names).size !== names.length)
    refuse("one parameter fills two columns", "Give each column its own parameter");
}

/** Refuses a template that names a parameter of unknown type, lacks one, or has one of a type that cannot stand in a key. */
export function checkNamed(template: Template, params: Types): void {
  const names = paramNames(template.segments);
  const unfilled = names.find((name) => !Object.hasOwn(params, name));
  if (unfilled !== undefined)
    throw new SpecError(`${template.source}: nothing fills {${unfilled}}`, "Bind a column to it");
  const unnamed = Object.keys(params).find((name) => !names.includes(name));
  if (unnamed !== undefined)
    throw new SpecError(`${template.source} does not name {${unnamed}}`, "Put every parameter in the template");
  for (const name of names) {
    if (params[name]?.keyText === undefined) {
      throw new SpecError(
        `${template.source}: {${name}} is of type ${params[name]?.cql}`,
        "Only scalar types can stand in a key",
      );
    }
  }
}

const OPTIONS: Readonly<Record<keyof KeyOptions, (value: unknown) => boolean>> = {
  ttlMs: isPositive,
  maxRows: isPositive,
  onUnproven: (value) =>
    value === "bypass" ||
    (typeof value === "object" && value !== null && "labelMs" in value && isPositive(value.labelMs)),
  consistency: (value) => value === "strong" || value === "weak",
  cacheControl: (value) => typeof value === "string",
};

/** Refuses options that mean nothing, misspelt ones among them: declarations may be JavaScript. */
export function checkOptions(template: string, options: KeyOptions): void {
  const checks = new Map(Object.entries(OPTIONS));
  for (const [name, value] of Object.entries(options)) {
    const holds = checks.get(name);
    if (holds === undefined)
      throw new SpecError(
        `${template}: no option is called ${name}`,
        `The options are ${[...checks.keys()].join(", ")}`,
      );
    if (value !== undefined && !holds(value))
      throw new SpecError(`${template}: ${name} is ${show(value)}`, "See KeyOptions for what it may be");
  }
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

function refusing(template: Template, table: Table): Refuse {
  return (what, remedy) => {
    throw new SpecError(`${template.source} over ${table.name}: ${what}`, remedy);
  };
}
