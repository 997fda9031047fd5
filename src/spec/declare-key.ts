import { checkNamed, checkOptions, checkRead, checkSource } from "./check-key.ts";
import type { ColumnType } from "./column-type.ts";
import { SpecError } from "./error.ts";
import { defaultPath, parsePath } from "./http-path.ts";
import type { AnyKey, Binding, Key, Reading, RowsKey, Source, ViewLoad } from "./key.ts";
import type { KeyBuilder, ViewableBuilder } from "./key-builder.ts";
import type { KeyOptions } from "./key-options.ts";
import { keyWriter } from "./key-text.ts";
import { primaryKeyOf, type Table } from "./table.ts";
import { parseTemplate, type Template } from "./template.ts";

type Loose = Readonly<Record<string, unknown>>;

/** The builder without its types: every method of `KeyBuilder<T>` is one of these, seen through the template's type. */
interface UntypedBuilder {
  row(table: Table, bind?: Binding): AnyKey;
  rows(table: Table, bind: Binding): RowsKey<unknown, Loose>;
  count(table: Table, bind: Binding): Key<number, Loose>;
  staleWhen(table: Table, bind: Binding): UntypedBuilder;
  view(params: Readonly<Record<string, ColumnType>>, load: ViewLoad): AnyKey;
}

interface Declaration {
  readonly template: Template;
  readonly options: KeyOptions;
  readonly params: Readonly<Record<string, ColumnType>>;
  readonly reading: Reading;
  readonly sources: readonly Source[];
  readonly httpPath: string;
}

/**
 * Begins the declaration of a key: the template is written as the key reads. Throws `SpecError`.
 *
 * @example
 * const user = key("users_{id}").row(users);
 * const friends = key("users_{id}_friends").rows(friendships, { user_id: "id" });
 */
export function key<const T extends string>(
  template: T,
  options: KeyOptions & { readonly ttlMs: number },
): ViewableBuilder<T>;
export function key<const T extends string>(template: T, options?: KeyOptions): KeyBuilder<T>;
export function key(template: string, options: KeyOptions = {}): unknown {
  checkOptions(template, options);
  return builder(parseTemplate(template), Object.freeze({ ...options }), []);
}

function builder(template: Template, options: KeyOptions, stale: readonly Source[]): UntypedBuilder {
  const ofTable = (kind: "row" | "rows" | "count", table: Table, bind: Binding): Declaration => {
    const source = sourceOf(table, bind);
    const reading: Reading = kind === "rows" ? { kind, source, first: undefined } : { kind, source };
    const params = paramsThrough(source);
    const made = declaration({ template, options, reading, params, sources: [...stale, source] });
    checkRead(template, source, kind === "row" ? primaryKeyOf(table) : table.partition);
    return made;
  };
  return {
    row: (table, bind = sameNames(table)) => declared(ofTable("row", table, bind)),
    rows: (table, bind) => declaredRows(ofTable("rows", table, bind)),
    count: (table, bind) => declared(ofTable("count", table, bind)),
    staleWhen: (table, bind) => builder(template, options, [...stale, sourceOf(table, bind)]),
    view: (params, load) => {
      if (options.ttlMs === undefined && stale.length === 0) {
        throw new SpecError(
          `view ${template.source} says neither staleWhen nor ttlMs`,
          "Give it one, so that it cannot live for ever",
        );
      }
      return declared(declaration({ template, options, params, reading: { kind: "view", load }, sources: stale }));
    },
  };
}

function declaration(of: Omit<Declaration, "httpPath">): Declaration {
  for (const source of of.sources) checkSource(of.template, of.params, source);
  checkNamed(of.template, of.params);
  return { ...of, httpPath: defaultPath(of.template) };
}

function declared<V>(from: Declaration): Key<V, Loose> {
  const made: Key<V, Loose> = {
    ...from,
    text: keyWriter(from.template, from.params),
    path: (httpPath) => declared(servedUnder(from, httpPath)),
  };
  return Object.freeze(made);
}

function declaredRows(from: Declaration): RowsKey<unknown, Loose> {
  const made: RowsKey<unknown, Loose> = {
    ...declared<readonly unknown[]>(from),
    path: (httpPath) => declaredRows(servedUnder(from, httpPath)),
    first: (n) => declared({ ...from, reading: cutTo(from, n) }),
  };
  return Object.freeze(made);
}

function servedUnder(from: Declaration, httpPath: string): Declaration {
  parsePath(from.template, httpPath);
  return { ...from, httpPath };
}

function cutTo(from: Declaration, n: number): Reading {
  if (!Number.isInteger(n) || n < 1 || n > 10_000) {
    throw new SpecError(`${from.template.source} takes the first ${n} rows`, "Give a whole number from 1 to 10,000");
  }
  return from.reading.kind === "rows" ? { ...from.reading, first: n } : from.reading;
}

const sourceOf = (table: Table, bind: Binding): Source => Object.freeze({ table, bind: Object.freeze({ ...bind }) });

const sameNames = (table: Table): Binding => Object.fromEntries(primaryKeyOf(table).map((column) => [column, column]));

/** Each parameter has the type of the column that it fills. */
function paramsThrough({ table, bind }: Source): Readonly<Record<string, ColumnType>> {
  const params: Record<string, ColumnType> = {};
  for (const [column, param] of Object.entries(bind)) {
    const type = table.columns[column];
    if (type !== undefined) params[param] = type;
  }
  return params;
}
