import type { ReadExport } from "./export-schema.ts";

type ReadKey = ReadExport["keys"][number];
type ReadTable = ReadExport["tables"][string];

/** Where two key specs differ: in a part of something that both have, or in something that one of them lacks. */
export interface SpecDifference {
  readonly what: "key" | "table";
  readonly name: string;
  /** E.g. `template`, `column age`; null where one side lacks the whole. */
  readonly part: string | null;
  /** In words; null where it is not there. */
  readonly here: string | null;
  readonly there: string | null;
}

/** Every difference between two key specs, keys before tables. Which of them is older, neither says. */
export function specDifferences(here: ReadExport, there: ReadExport): readonly SpecDifference[] {
  return [...keyDifferences(here.keys, there.keys), ...tableDifferences(here.tables, there.tables)];
}

/** Keys of one name are one key. Of the others, those of one template are one key under two names. */
function keyDifferences(here: readonly ReadKey[], there: readonly ReadKey[]): readonly SpecDifference[] {
  const named = new Map(there.map((key) => [key.name, key]));
  const ownNames = new Set(here.map(({ name }) => name));
  const others = new Map(there.filter(({ name }) => !ownNames.has(name)).map((key) => [key.template, key]));
  const differences = here.flatMap((own) => {
    const other = named.get(own.name) ?? others.get(own.template);
    if (other !== undefined) others.delete(other.template);
    // A parameter that one side lacks shows in the template.
    const params = Object.keys(own.params).filter((param) => other !== undefined && Object.hasOwn(other.params, param));
    return parts("key", own.name, own, other, (key) => keyParts(key, params), own.template);
  });
  return [...differences, ...[...others.values()].map((key) => whole("key", key.name, null, key.template))];
}

function tableDifferences(here: ReadExport["tables"], there: ReadExport["tables"]): readonly SpecDifference[] {
  const [own, others] = [new Map(Object.entries(here)), new Map(Object.entries(there))];
  return [...new Set([...own.keys(), ...others.keys()])].sort().flatMap((name) => {
    const [table, other] = [own.get(name), others.get(name)];
    if (table === undefined) return other === undefined ? [] : [whole("table", name, null, primaryKeyText(other))];
    return parts("table", name, table, other, tableParts, primaryKeyText(table));
  });
}

type Parts = ReadonlyMap<string, string>;

function parts<T>(
  what: SpecDifference["what"],
  name: string,
  own: T,
  other: T | undefined,
  partsOf: (of: T) => Parts,
  words: string,
): readonly SpecDifference[] {
  if (other === undefined) return [whole(what, name, words, null)];
  const [here, there] = [partsOf(own), partsOf(other)];
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((part) => {
    const difference = { what, name, part, here: here.get(part) ?? null, there: there.get(part) ?? null };
    return difference.here === difference.there ? [] : [difference];
  });
}

const whole = (
  what: SpecDifference["what"],
  name: string,
  here: string | null,
  there: string | null,
): SpecDifference => ({ what, name, part: null, here, there });

function keyParts(key: ReadKey, params: readonly string[]): Parts {
  return new Map([
    ["name", key.name],
    ["template", key.template],
    ["what", key.first === null ? key.kind : `first ${key.first} ${key.kind}`],
    ["source", key.sources.map(sourceText).join("; ")],
    ["HTTP path", key.httpPath],
    ...params.map((param) => [`parameter ${param}`, key.params[param] ?? ""] as const),
    ...Object.entries(key.options).map(([option, value]) => [option, JSON.stringify(value)] as const),
  ]);
}

function sourceText({ bind, table }: ReadKey["sources"][number]): string {
  const bound = Object.entries(bind).map(([column, param]) => `${column} ← {${param}}`);
  return bound.length === 0 ? table : `${table}.${bound.sort().join(", ")}`;
}

function primaryKeyText({ clustering, partition }: ReadTable): string {
  const key = [`(${partition.join(", ")})`, ...clustering.map(({ column }) => column)];
  return `PRIMARY KEY (${key.join(", ")})`;
}

function tableParts(table: ReadTable): Parts {
  return new Map([
    ["partition", table.partition.join(", ")],
    ["clustering", table.clustering.map(({ column, order }) => `${column} ${order}`).join(", ")],
    ["static", [...table.static].sort().join(", ")],
    ["ttl", table.ttl],
    ...Object.entries(table.columns).map(([column, type]) => [`column ${column}`, type] as const),
  ]);
}
