import type { ColumnType } from "../spec/column-type.ts";
import { NearkeyError } from "../spec/error.ts";
import {
  increment,
  insert,
  type Mutation,
  remove,
  removePartition,
  removeRange,
  truncate,
  update,
  type Values,
} from "../spec/mutation.ts";
import { columnOf, primaryKeyOf, type Table } from "../spec/table.ts";

/** A write described on the command line that cannot be read. */
export class MutationSyntaxError extends NearkeyError {
  readonly code = "E_MUTATION_SYNTAX";
}

/** What a write looks like on the command line. */
export const MUTATION_HELP = `insert friendships user_id=42 friend_id=7
update users id=42 name="Ada Lovelace" [if-exists]
delete friendships user_id=42 friend_id=7
delete-partition friendships user_id=42
delete-range posts author_id=42 created_at<2026-01-01T00:00:00Z
increment post_likes post_id=... likes=1
truncate users`;

interface Term {
  readonly column: string;
  readonly operator: string;
  readonly value: unknown;
}

interface Parsed {
  readonly table: Table;
  readonly terms: readonly Term[];
  readonly flags: readonly string[];
}

const OPERATIONS: Readonly<Record<string, (of: Parsed) => Mutation>> = {
  insert: (of) => insert(of.table, equalities(of), { ...(takeFlag(of, "if-not-exists") && { ifNotExists: true }) }),
  update: (of) => update(of.table, ...keyAndSet(of), { ...(takeFlag(of, "if-exists") && { ifExists: true }) }),
  delete: (of) => remove(of.table, equalities(of), { ...(takeFlag(of, "if-exists") && { ifExists: true }) }),
  "delete-partition": (of) => removePartition(of.table, equalities(of)),
  "delete-range": (of) => removeRange(of.table, equalitiesOf(of.terms.filter(isEquality)), boundsOf(of)),
  increment: (of) => increment(of.table, ...keyAndSet(of)),
  truncate: (of) => truncate(of.table),
};

/**
 * Reads a write as it is described on the command line. Throws `MutationSyntaxError`, `MutationError`, `ValueError`.
 *
 * @example
 * parseMutation('update users id=42 name="Ada"', catalog.tables)
 */
export function parseMutation(text: string, tables: ReadonlyMap<string, Table>): Mutation {
  const [operation = "", name = "", ...words] = wordsOf(text);
  const make = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (make === undefined) {
    throw new MutationSyntaxError(`"${operation}" is no kind of write`, `Write one of these:\n${MUTATION_HELP}`);
  }
  const table = tables.get(name);
  if (table === undefined) {
    throw new MutationSyntaxError(`no key reads a table "${name}"`, `The tables are ${[...tables.keys()].join(", ")}`);
  }
  const flags = words.filter((word) => /^if-(not-)?exists$/.test(word));
  const terms = words.filter((word) => !flags.includes(word)).map((word) => termOf(table, word));
  const parsed: Parsed = { table, terms, flags };
  checkFlags(operation, parsed);
  return make(parsed);
}

/** Words are separated by spaces; quotes hold one together. */
function wordsOf(text: string): readonly string[] {
  return text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
}

const TERM = /^([a-z][a-z0-9_]*)(<=|>=|=|<|>)([\s\S]*)$/;

function termOf(table: Table, word: string): Term {
  const [, column = "", operator = "", text = ""] = TERM.exec(word) ?? [];
  if (column === "") {
    throw new MutationSyntaxError(`"${word}" is not column=value`, `Write one of these:\n${MUTATION_HELP}`);
  }
  const type = columnOf(table, column);
  if (type === undefined) {
    throw new MutationSyntaxError(
      `${table.name} has no column ${column}`,
      `Its columns are ${Object.keys(table.columns).join(", ")}`,
    );
  }
  return { column, operator, value: valueOfText(type, text) };
}

const QUOTED = /^(["'])([\s\S]*)\1$/;
const NUMBERS = new Set(["tinyint", "smallint", "int", "float", "double"]);

/** The value that a text on the command line stands for; quotes make it a text whatever it looks like. */
function valueOfText(type: ColumnType, text: string): unknown {
  const quoted = QUOTED.exec(text)?.[2];
  if (quoted !== undefined) return quoted;
  if (text === "null") return null;
  if (type.shape.kind !== "scalar") return jsonOf(type, text);
  if (type.shape.name === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return NUMBERS.has(type.shape.name) && text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

function jsonOf(type: ColumnType, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MutationSyntaxError(`${text} is not a ${type.cql}`, "Write collections as JSON, without spaces");
  }
}

const isEquality = ({ operator }: Term): boolean => operator === "=";

function equalities({ table, terms }: Parsed): Values {
  const other = terms.find((term) => !isEquality(term));
  if (other !== undefined) {
    throw new MutationSyntaxError(
      `${other.column}${other.operator} on ${table.name}`,
      "Only delete-range takes <, <=, > and >=; write column=value",
    );
  }
  return equalitiesOf(terms);
}

const equalitiesOf = (terms: readonly Term[]): Values =>
  Object.fromEntries(terms.map(({ column, value }) => [column, value]));

function keyAndSet(of: Parsed): [Values, Values] {
  const all = Object.entries(equalities(of));
  const key = primaryKeyOf(of.table);
  return [
    Object.fromEntries(all.filter(([column]) => key.includes(column))),
    Object.fromEntries(all.filter(([column]) => !key.includes(column))),
  ];
}

const SIDES: Readonly<Record<string, string>> = { "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" };

function boundsOf({ table, terms }: Parsed): Values {
  const bounds = terms.filter((term) => !isEquality(term));
  const columns = new Set(bounds.map(({ column }) => column));
  if (columns.size > 1) {
    throw new MutationSyntaxError(
      `a range over ${[...columns].join(" and ")} of ${table.name}`,
      "Bound one clustering column, the one behind those that you give with =",
    );
  }
  return Object.fromEntries(bounds.map(({ operator, value }) => [SIDES[operator], value]));
}

const FLAGS: Readonly<Record<string, string>> = { insert: "if-not-exists", update: "if-exists", delete: "if-exists" };

function checkFlags(operation: string, { flags }: Parsed): void {
  const wrong = flags.find((flag) => flag !== FLAGS[operation]);
  if (wrong === undefined) return;
  throw new MutationSyntaxError(
    `${operation} ${wrong}`,
    "insert takes if-not-exists; update and delete take if-exists",
  );
}

const takeFlag = ({ flags }: Parsed, flag: string): boolean => flags.includes(flag);
