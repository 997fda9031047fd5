import { randomUUID } from "node:crypto";
import { Client } from "cassandra-driver";
import { afterAll, describe, inject } from "vitest";
import type { RealAddresses } from "./real-servers.ts";

/** The real servers of this run, shared by all its test files. */
export interface Real extends RealAddresses {
  /** Creates an empty keyspace of replication factor 1 that nobody else uses; dropped when the suite ends. */
  keyspace(): Promise<string>;
}

/**
 * A suite on a real Cassandra and NATS. Where there are none it is skipped, and its title says why; the body is still
 * collected, so read `real.cassandra` and `real.nats` in hooks and tests only.
 *
 * @example
 * describeReal("the Cassandra store", (real) => {
 *   let keyspace: string;
 *   beforeAll(async () => { keyspace = await real.keyspace(); });
 */
export function describeReal(title: string, body: (real: Real) => void): void {
  const servers = inject("real");
  if (servers === undefined) throw new Error(`"${title}" is not in vitest's project "real": see vitest.config.ts`);
  if ("skipped" in servers) {
    describe.skip(`${title} [skipped: ${servers.skipped}]`, () => body(nowhere));
    return;
  }
  describe(title, () => {
    const keyspaces = new Keyspaces(servers);
    afterAll(() => keyspaces.drop());
    body({ ...servers, keyspace: () => keyspaces.create() });
  });
}

const nowhere: Real = {
  startedAs: "processes",
  cassandra: { contactPoints: [], localDataCenter: "none" },
  nats: { servers: [] },
  keyspace: () => Promise.reject(new Error("There are no real servers: this test should have been skipped")),
};

class Keyspaces {
  readonly #servers: RealAddresses;
  readonly #names: string[] = [];
  #client: Client | undefined;

  constructor(servers: RealAddresses) {
    this.#servers = servers;
  }

  async create(): Promise<string> {
    const name = `t_${randomUUID().replaceAll("-", "")}`;
    await this.#run(`CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`);
    this.#names.push(name);
    return name;
  }

  async drop(): Promise<void> {
    for (const name of this.#names) await this.#run(`DROP KEYSPACE ${name}`);
    await this.#client?.shutdown();
  }

  async #run(cql: string): Promise<void> {
    this.#client ??= new Client({ ...this.#servers.cassandra, socketOptions: { readTimeout: 30_000 } });
    await this.#client.execute(cql);
  }
}
