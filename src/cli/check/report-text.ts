import type { SchemaDrift } from "../../adapters/cassandra/schema-drift.ts";
import type { SpecDifference } from "../../spec/spec-differences.ts";
import type { Looked, Report } from "./report.ts";
import { type OtherSpec, type ServicesReport, serviceText } from "./services.ts";

/** The report in lines: what was looked at, each difference, and what would undo it. */
export function reportText({ fingerprint, keyspace, schema, services }: Report): string {
  return [
    ...section(`schema of keyspace ${keyspace}`, schema, schemaLines),
    ...section("services", services, (found) => servicesLines(found, fingerprint)),
  ].join("\n");
}

function section<T>(what: string, looked: Looked<T>, linesOf: (found: T) => readonly string[]): readonly string[] {
  if ("notAsked" in looked) return [`${what}: not asked: ${looked.notAsked}`];
  if ("failed" in looked) return [`${what}: could not look: ${looked.failed}`];
  const [first, ...others] = linesOf(looked.found);
  return [`${what}: ${first}`, ...others.map((line) => `  ${line}`)];
}

const NO_STATEMENT = "no statement does that; make another table or column, and copy";

function schemaLines(found: readonly SchemaDrift[]): readonly string[] {
  if (found.length === 0) return ["as declared"];
  const lines = found.flatMap(({ column, database, declaration, declared, live, table }) => [
    `${column === undefined ? table : `${table}.${column}`}: declared ${declared}, in Cassandra ${live}`,
    `  the declaration: ${declaration}`,
    ...(database === undefined ? [] : [`  or the database: ${database}`]),
    ...(database === undefined && declared !== "no column" ? [`  or the database: ${NO_STATEMENT}`] : []),
  ]);
  return [count(found.length, "difference"), ...lines];
}

function servicesLines(
  { answered, cut, namespace, others, same, unreadable }: ServicesReport,
  fingerprint: string,
): readonly string[] {
  const head =
    answered === 0
      ? `nobody answered in namespace ${namespace}`
      : `${answered} answered in namespace ${namespace}, ${same.length} with this key spec (${fingerprint})`;
  return [
    head,
    ...same.map((service) => `${serviceText(service)}: the same`),
    ...others.flatMap(otherLines),
    ...(unreadable.count > 0 ? [`${count(unreadable.count, "answer")} could not be read:`] : []),
    ...unreadable.reasons.map((reason) => `  ${reason}`),
    ...(cut ? ["more answered than were heard"] : []),
  ];
}

function otherLines({ differences, fingerprint, sameNames, services }: OtherSpec): readonly string[] {
  const means = sameNames
    ? "writes name the same keys; what differs is how they are read and served"
    : `${fingerprint}: what either side writes, the other takes for a touch of the whole tables`;
  return [
    `${services.map(serviceText).join(", ")}: another key spec (${means})`,
    ...(differences ?? []).map((each) => `  ${differenceText(each)}`),
    ...(differences === null ? ["  it is too large to be told: compare what it was built from"] : []),
    ...(differences?.length === 0 ? ["  declared alike: another version of nearkey writes other names"] : []),
  ];
}

function differenceText({ here, name, part, there, what }: SpecDifference): string {
  if (part === null)
    return here === null ? `${what} ${name}: only there: ${there}` : `${what} ${name}: only here: ${here}`;
  return `${what} ${name}: ${part}: here ${here ?? "none"}, there ${there ?? "none"}`;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
