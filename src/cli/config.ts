import type { z } from "zod";
import { ConfigError } from "./config-error.ts";
import {
  type ConfigValues,
  configSchema,
  flagOf,
  isOptionName,
  type OptionName,
  type Role,
  variableOf,
} from "./config-schema.ts";
import { type Fault, type Given, gatherGiven, type Sources } from "./config-sources.ts";
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

/** Reads the options from flags, environment and file, in this order of precedence. Throws `ConfigError` with all faults. */
export function readConfig(sources: Sources): Config {
  const { given, faults } = gatherGiven(sources);
  const raw = Object.fromEntries([...given].map(([name, { value }]) => [name, value]));
  const parsed = configSchema.safeParse(raw);
  const all = [
    ...faults,
    ...(parsed.error?.issues ?? []).map((issue) => wordsOf(issue, given)),
    ...missingPairs(given),
  ];
  const namespace = parsed.data?.namespace ?? namespaceOf(parsed.data?.keyspace ?? "");
  if (namespace === undefined) all.push(`namespace: ${missing("namespace")}: the keyspace's name is too long for one`);
  if (all.length > 0 || parsed.data === undefined || namespace === undefined) throw new ConfigError(all);
  const { role } = sources;
  const origins = new Map([...given].map(([name, { origin }]) => [name, origin]));
  return { ...parsed.data, role, namespace, port: parsed.data.port ?? DEFAULT_PORTS[role], origins };
}

/** The keyspace's name, in the letters that a namespace may have; it is as distinct, for keyspaces have no hyphens. */
function namespaceOf(keyspace: string): string | undefined {
  return keyspace.length > 32 ? undefined : keyspace.replaceAll("_", "-");
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
