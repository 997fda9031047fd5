import { createNatsLog as createOver, type NatsLogOptions as FullOptions } from "./adapters/nats/nats-log.ts";
import { systemClock } from "./adapters/system/clock.ts";
import { systemEntropy } from "./adapters/system/entropy.ts";
import type { InvalidationLog } from "./ports/invalidation-log.ts";

/** Options that may leave out the clock and the source of chance: then they are this machine's. */
export type OnThisMachine<Options> = Omit<Options, "clock" | "entropy"> & Partial<Pick<Options, Given<Options>>>;

type Given<Options> = keyof Options & ("clock" | "entropy");

export type NatsLogOptions = OnThisMachine<FullOptions>;

/**
 * The invalidation log on NATS JetStream, on this machine's clocks. One for each cache or writer. Throws `LogConfigurationError` if the
 * stream, the permissions or the server are not as they must be; where NATS does not answer it becomes available by itself, later.
 *
 * @example
 * const connection = await connect(natsConnectionOptions("nats://127.0.0.1:4222"));
 * const log = await createNatsLog({ connection, namespace: "shop", create: true });
 */
export function createNatsLog(options: NatsLogOptions): Promise<InvalidationLog> {
  return createOver({ clock: systemClock, entropy: systemEntropy, ...options });
}
