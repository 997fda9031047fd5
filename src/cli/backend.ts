import { Command } from "commander";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createWriter } from "../engine/create-writer.ts";
import { backendRouter } from "../http/backend-router.ts";
import { backendChecks } from "../http/health-checks.ts";
import { catalogOf } from "../spec/catalog.ts";
import { LONGEST_WAIT_MS, type Parts, type Served } from "./assemble.ts";
import { addConfigFlags } from "./config-flags.ts";
import { serverAction } from "./server-action.ts";

const EXAMPLES = `
Examples:
  nearkey backend --keys ./keys.ts --keyspace shop
  NEARKEY_CASSANDRA_PASSWORD=... nearkey backend --config backend.json --host 0.0.0.0
  curl -X PATCH localhost:8080/users/42 -H 'content-type: application/json' -d '{"name":"Ada"}'`;

/** `nearkey backend`: takes writes over HTTP, and announces what they made stale. */
export function backendCommand(): Command {
  const command = new Command("backend").description("Takes writes over HTTP, on a real Cassandra and NATS.");
  return addConfigFlags(command, "backend").addHelpText("after", EXAMPLES).action(serverAction("backend", assemble));
}

function assemble({ config, keys, store, log, logger, telemetry }: Parts): Served {
  const { allowWeak, fenceMs, maxClockSkewMs, settleMs } = config;
  const writer = createWriter({
    keys,
    store,
    log,
    telemetry,
    clock: systemClock,
    entropy: systemEntropy,
    settings: { fenceMs, settleMs },
    allowWeak,
    maxClockSkewMs,
  });
  writer.start();
  return {
    router: backendRouter({
      writer,
      tables: catalogOf(keys).tables.values(),
      onError: (err) => logger.error({ err }, "request-failed"),
    }),
    checks: backendChecks({ writer, log, store }),
    ready: writer.whenReady(LONGEST_WAIT_MS),
    close: async () => {
      await writer.close({ deadlineMs: Math.ceil(config.shutdownMs * 0.3) });
      const { pending } = writer.statistics();
      // Caches drop the old values all the same, when the fences of these writes end.
      if (pending > 0) logger.error({ pending }, "ended-with-unannounced-writes");
    },
  };
}
