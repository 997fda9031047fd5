import type { z } from "zod";
import { ConfigError } from "./config-error.ts";
import {
  type ConfigValues,
  configSchema,
  flagOf,
  isOptionName,
  namesFor,
  type OptionName,
  type Role,
  variableOf,
} from "./config-schema.ts";
import { type Fault, type Gathered, type Given, gatherGiven, type Sources } from "./config-sources.ts";
import { shownValue } from "./show-config.ts";

/** The options of a process, checked and complete. */
export interface Config extends ConfigValues {
  readonly role: Role;
  readonly namespace: string;
  readonly port: number;
  /** Where each value came from, e.g. `flag --port`; nothing for defaults. */
  readonly origins: ReadonlyMap<string, string>;
}

const DEFAULT_PORTS: Readonly<Record<Role, number>> = { backend: 8080, frontend: 8081 };

/** The options of a server, from flags, environment and file, in this order of precedence. Throws `ConfigError` with all faults. */
export function readConfig({ role, ...sources }: Sources & { readonly role: Role }): Config {
  const gathered = gatherGiven(namesFor(role), sources);
  const values = readOptions(configSchema, gathered);
  const origins = new Map([...gathered.given].map(([name, { origin }]) => [name, origin]));
  return { ...values, role, namespace: namespaceOf(values), port: values.port ?? DEFAULT_PORTS[role], origins };
}

/** What was given, by this schema of it. Throws `ConfigError` with all faults. */
export function readOptions<T>(schema: z.ZodType<T>, { faults, given }: Gathered): T {
  const parsed = schema.safeParse(Object.fromEntries([...given].map(([name, { value }]) => [name, value])));
  const all = [
    ...faults,
    ...(parsed.error?.issues ?? []).map((issue) => wordsOf(issue, given)),
    ...missingPairs(given),
  ];
  if (all.length > 0 || !parsed.success) throw new ConfigError(all);
  return parsed.data;
}

/**
 * The namespace; unless one was given the keyspace's name, in the letters that a namespace may have. It is as distinct, for keyspaces have
 * no hyphens. Throws `ConfigError`.
 */
export function namespaceOf({ keyspace, namespace }: Pick<ConfigValues, "keyspace" | "namespace">): string {
  if (namespace !== undefined) return namespace;
  if (keyspace.length <= 32) return keyspace.replaceAll("_", "-");
  throw new ConfigError([`namespace: ${missing("namespace")}: the keyspace's name is too long for one`]);
}

function wordsOf(issue: z.core.$ZodIssue, given: ReadonlyMap<OptionName, Given>): Fault {
  const [name] = issue.path;
  if (typeof name !== "string" || !isOptionName(name)) return issue.message;
  const found = given.get(name);
  if (found === undefined) return `${name}: ${missing(name)}`;
  return `${name}: ${shownValue(name, found.value)} (${found.origin}) ${issue.message}${serviceLink(found)}`;
}

const missing = (name: OptionName): string =>
  `missing; give ${flagOf(name)}, ${variableOf(name)}, or "${name}" in the file of --config`;

/** Kubernetes sets NEARKEY_PORT=tcp://... in every pod beside a Service called nearkey. */
const serviceLink = ({ value }: Given): string =>
  typeof value === "string" && value.startsWith("tcp://")
    ? "; Kubernetes sets it for a Service called nearkey: say enableServiceLinks: false, or rename the Service"
    : "";

function missingPairs(given: ReadonlyMap<OptionName, Given>): readonly Fault[] {
  const faults: Fault[] = [];
  const need = (name: OptionName, other: OptionName): void => {
    const found = given.get(name);
    if (found !== undefined && !given.has(other))
      faults.push(`${name} (${found.origin}) needs ${other}, which is ${missing(other)}`);
  };
  need("cassandraUser", "cassandraPassword");
  need("cassandraPassword", "cassandraUser");
  need("natsUser", "natsPassword");
  need("natsPassword", "natsUser");
  const token = given.get("natsToken");
  if (token !== undefined && given.has("natsUser")) {
    faults.push(`natsToken (${token.origin}) and natsUser (${given.get("natsUser")?.origin}): give one of them`);
  }
  return faults;
}
