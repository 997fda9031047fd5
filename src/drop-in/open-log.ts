import { setTimeout as pause } from "node:timers/promises";
import { type ConnectionOptions, connect, type NatsConnection } from "nats";
import { natsConnectionOptions } from "../adapters/nats/connection-options.ts";
import { createNatsLog } from "../adapters/nats/nats-log.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { LateLog } from "./late-log.ts";

/** Servers, separated by commas; or what `connect` of the package `nats` takes: credentials, TLS. */
export type NatsOptions = string | (Omit<ConnectionOptions, "servers"> & { readonly servers: string | string[] });

export interface OpenLogOptions {
  readonly nats: NatsOptions;
  readonly namespace: string;
  readonly telemetry: Telemetry | undefined;
  readonly signal: AbortSignal;
}

const AGAIN_MS = 1_000;

/**
 * Connects to NATS, again and again until it answers or nobody wants it any more, and hands over the log on it. Resolves to the connection, which is to
 * be closed; undefined if nobody wants it. Rejects with `LogConfigurationError`.
 */
export async function openLog(late: LateLog, options: OpenLogOptions): Promise<NatsConnection | undefined> {
  const connection = await connectInTime(late, options);
  if (connection === undefined) return undefined;
  const { namespace, telemetry } = options;
  try {
    const parts = { clock: systemClock, entropy: systemEntropy, ...(telemetry && { telemetry }) };
    const log = await createNatsLog({ connection, namespace, create: true, ...parts });
    late.arrived(log);
    return connection;
  } catch (error) {
    late.failed(error);
    await connection.close();
    throw error;
  }
}

async function connectInTime(late: LateLog, { nats, signal }: OpenLogOptions): Promise<NatsConnection | undefined> {
  const given = typeof nats === "string" ? { servers: nats } : nats;
  const options = { ...natsConnectionOptions(given.servers), ...given, waitOnFirstConnect: false };
  while (!signal.aborted) {
    try {
      return await connect({ ...options, servers: natsConnectionOptions(given.servers).servers });
    } catch (error) {
      late.failed(error);
      await pause(AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }
  return undefined;
}
