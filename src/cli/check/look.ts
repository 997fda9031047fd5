import type { z } from "zod";
import { type SchemaDrift, schemaDrift } from "../../adapters/cassandra/schema-drift.ts";
import { createNatsRoster } from "../../adapters/nats/roster.ts";
import { systemClock } from "../../adapters/system/clock.ts";
import { type Catalog, catalogOf } from "../../spec/catalog.ts";
import { namespaceOf, readOptions } from "../config.ts";
import { namesIn } from "../config-schema.ts";
import { gatherGiven, type Sources } from "../config-sources.ts";
import { reachNats } from "../connect-nats.ts";
import { loadKeyModule } from "../load-key-module.ts";
import { checkSchema } from "../looking-schema.ts";
import { isSpoken } from "../print-error.ts";
import { readKeyspace } from "../read-keyspace.ts";
import type { Looked, Report } from "./report.ts";
import { type ServicesReport, servicesReport } from "./services.ts";
import { undeclaredColumns } from "./undeclared.ts";

export interface CheckOptions {
  readonly schemaOnly?: true;
  readonly allowUndeclared?: true;
  readonly json?: true;
}

type CheckConfig = z.output<typeof checkSchema>;

/** How long services have to introduce themselves. Nobody knows how many there are, so it always takes that long. */
const ROLL_CALL_MS = 2_000;

/** Looks at the keyspace and at the services. Throws `ConfigError`, and what loading the key module throws. */
export async function look(sources: Sources, options: CheckOptions): Promise<Report> {
  const gathered = gatherGiven(namesIn(checkSchema), sources);
  const config = readOptions(checkSchema, gathered);
  const catalog = catalogOf(await loadKeyModule(config.keys));
  const askServices = (): Promise<Looked<ServicesReport>> | Looked<ServicesReport> => {
    if (options.schemaOnly) return { notAsked: "--schema-only" };
    if (!gathered.given.has("natsServers")) return { notAsked: "no --nats-servers" };
    return tried(() => callRoll(config, catalog));
  };
  const [schema, services] = await Promise.all([
    tried(() => compare(config, catalog, options.allowUndeclared === true)),
    askServices(),
  ]);
  return { keyspace: config.keyspace, fingerprint: catalog.fingerprint, schema, services };
}

async function compare(
  config: CheckConfig,
  catalog: Catalog,
  allowUndeclared: boolean,
): Promise<readonly SchemaDrift[]> {
  const live = await readKeyspace({ ...config, role: "check" });
  const tables = [...catalog.tables.values()];
  const drift = schemaDrift(live.name, tables, live);
  return allowUndeclared ? drift : [...drift, ...undeclaredColumns(tables, live)];
}

async function callRoll(config: CheckConfig, catalog: Catalog): Promise<ServicesReport> {
  const connection = await reachNats({ ...config, role: "check" });
  try {
    const namespace = namespaceOf(config);
    const roster = await createNatsRoster({ connection, namespace, clock: systemClock });
    const rollCall = await roster.call({ waitMs: ROLL_CALL_MS });
    roster.close();
    return servicesReport(namespace, catalog.exported, rollCall);
  } finally {
    await connection.close();
  }
}

/** What one of the two cannot tell, the other still can. */
async function tried<T>(attempt: () => Promise<T>): Promise<Looked<T>> {
  try {
    return { found: await attempt() };
  } catch (error) {
    if (!isSpoken(error)) throw error;
    return { failed: `${error.code}: ${error.message}` };
  }
}
