import type { Assemble } from "./assemble.ts";
import { Closing } from "./closing.ts";
import type { Config } from "./config.ts";
import { unknownVariables } from "./config-sources.ts";
import { openFrontDoor } from "./front-door.ts";
import { loadKeyModule } from "./load-key-module.ts";
import { createLogger } from "./logger.ts";
import { isSpoken } from "./print-error.ts";
import { Reached } from "./reached.ts";
import { configFields } from "./show-config.ts";
import { endOnUncaught, stopAsked } from "./signals.ts";
import { startServing } from "./start-serving.ts";

/**
 * Runs a server until it is asked to stop, and then lets it finish what is in flight. Throws what made it end otherwise.
 *
 * It listens from the first moment: while Cassandra and NATS are looked for, `/livez` answers 200 and everything else 503.
 */
export async function runServer(config: Config, assemble: Assemble): Promise<void> {
  const logger = createLogger(config.role);
  endOnUncaught(logger);
  const asked = stopAsked(logger);
  logger.info(configFields(config), "starting");
  for (const variable of unknownVariables(process.env)) logger.warn({ variable }, "unknown-variable");
  const closing = new Closing(logger);
  const stop = new AbortController();
  try {
    const keys = await loadKeyModule(config.keys);
    const reached = new Reached();
    const door = await openFrontDoor(config, reached.checks);
    closing.first("the HTTP server", () => door.close());
    logger.info({ url: door.url }, "listening");
    const serving = startServing({ config, keys, logger, closing, door, reached, signal: stop.signal }, assemble);
    logger.info({ signal: await Promise.race([asked, serving]) }, "stopping");
  } catch (error) {
    logger.fatal(isSpoken(error) ? { code: error.code, reason: error.message } : { err: error }, "failed");
    throw error;
  } finally {
    stop.abort();
    await closing.run(config.shutdownMs);
  }
  logger.info("stopped");
}
