import { connect as connectTransportNode } from "@nats-io/transport-node";
import { connect as connectNats } from "nats";
import type { NatsLike } from "../../src/adapters/nats/connection.ts";
import { natsConnectionOptions } from "../../src/adapters/nats/connection-options.ts";
import { createNatsLog, type NatsLogOptions } from "../../src/adapters/nats/nats-log.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemEntropy } from "../../src/adapters/system/entropy.ts";
import type { InvalidationLog } from "../../src/ports/invalidation-log.ts";
import type { Telemetry } from "../../src/ports/telemetry.ts";
import type { LogHub } from "./invalidation-log.conformance.ts";

/** A connection that the test can also end; both clients have more than the adapter needs. */
export interface TestConnection extends NatsLike {
  close(): Promise<void>;
  reconnect(): Promise<void>;
}

export type Connect = (servers: readonly string[], extra?: object) => Promise<TestConnection>;

/** The two clients that the adapter takes, and their versions as installed. */
export const clients: readonly { readonly client: string; readonly connect: Connect }[] = [
  { client: "nats 2.x", connect: (servers, extra) => connectNats({ ...natsConnectionOptions(servers), ...extra }) },
  {
    client: "@nats-io/transport-node 3.x",
    connect: (servers, extra) => connectTransportNode({ ...natsConnectionOptions(servers), ...extra }),
  },
];

/** What telemetry told, as `event: field` lines. */
export class ToldEvents implements Telemetry {
  readonly lines: string[] = [];

  event(name: string, fields: Readonly<Record<string, string | number | boolean>>): void {
    this.lines.push(`${name}: ${Object.values(fields).join(" ")}`);
  }
}

export type ParticipantOptions = Partial<NatsLogOptions> & { readonly extra?: object };

export interface Participant {
  readonly log: InvalidationLog;
  readonly connection: TestConnection;
  readonly told: ToldEvents;
}

/** A namespace of its own on real servers, and everything that was connected to it. */
export class NatsHub implements LogHub {
  readonly namespace = `t-${systemEntropy.id()}`;
  readonly #servers: () => readonly string[];
  readonly #connect: Connect;
  readonly #opened: { close(): Promise<void> }[] = [];

  constructor(servers: () => readonly string[], connect: Connect) {
    this.#servers = servers;
    this.#connect = connect;
  }

  async connect(): Promise<InvalidationLog> {
    return (await this.join()).log;
  }

  /** A log over a connection of its own. */
  async join({ extra, ...options }: ParticipantOptions = {}): Promise<Participant> {
    const connection = await this.raw(extra);
    const told = new ToldEvents();
    const log = await createNatsLog({
      connection,
      namespace: this.namespace,
      clock: systemClock,
      entropy: systemEntropy,
      create: true,
      telemetry: told,
      ...options,
    });
    this.#opened.push(log);
    return { log, connection, told };
  }

  /** A connection, closed with the hub. */
  async raw(extra?: object): Promise<TestConnection> {
    const connection = await this.#connect(this.#servers(), extra);
    this.#opened.push(connection);
    return connection;
  }

  /** Asks JetStream, as an operator does with the `nats` tool. */
  async admin(what: string, body: object = {}): Promise<Record<string, unknown>> {
    const connection = await this.raw();
    const answer = await connection.request(`$JS.API.${what}`, JSON.stringify(body), { timeout: 5_000 });
    await connection.close();
    return JSON.parse(answer.string()) as Record<string, unknown>;
  }

  /** The names of the streams of this namespace. */
  async streams(): Promise<readonly string[]> {
    const { streams } = await this.admin("STREAM.NAMES", { subject: `inv.${this.namespace}.>` });
    return Array.isArray(streams) ? streams.map(String) : [];
  }

  async close(): Promise<void> {
    for (const open of this.#opened.reverse()) await open.close();
    for (const name of await this.streams()) await this.admin(`STREAM.DELETE.${name}`);
    for (const open of this.#opened.splice(0)) await open.close();
  }
}
