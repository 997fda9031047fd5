import { Command } from "commander";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createNearCache } from "../engine/create-near-cache.ts";
import { auditRouter } from "../http/audit-router.ts";
import { frontendChecks } from "../http/health-checks.ts";
import { readHandler } from "../http/read-handler.ts";
import { LONGEST_WAIT_MS, type Parts, type Served } from "./assemble.ts";
import { addConfigFlags } from "./config-flags.ts";
import { serverAction } from "./server-action.ts";

const EXAMPLES = `
Examples:
  nearkey frontend --keys ./keys.ts --keyspace shop
  nearkey frontend --config frontend.json --port 8082 --max-bytes 2GiB
  curl -i localhost:8081/users/42`;

/** `nearkey frontend`: serves reads over HTTP from a near cache. */
export function frontendCommand(): Command {
  const command = new Command("frontend").description(
    "Serves reads over HTTP from memory, on a real Cassandra and NATS.",
  );
  return addConfigFlags(command, "frontend").addHelpText("after", EXAMPLES).action(serverAction("frontend", assemble));
}

function assemble({ config, keys, store, log, logger, telemetry }: Parts): Served {
  const { boundMs, fenceMs, maxBytes, settleMs } = config;
  const cache = createNearCache({
    keys,
    store,
    log,
    telemetry,
    maxBytes,
    clock: systemClock,
    entropy: systemEntropy,
    settings: { boundMs, fenceMs, settleMs },
    probeEveryMs: Math.min(1_000, Math.ceil(boundMs / 4)), // several proofs within each bound
    auditEveryMs: config.auditEveryMs,
    // Where reads may miss a write, the cache must not keep what it read until the replicas had time to agree.
    consistency: config.allowWeak ? "weak" : "strong",
  });
  cache.start();
  return {
    reads: readHandler({
      cache,
      keys,
      clock: systemClock,
      onError: (err) => logger.error({ err }, "request-failed"),
    }),
    router: auditRouter({ cache }),
    checks: frontendChecks({ cache, clock: systemClock, boundMs }),
    ready: cache.whenReady(LONGEST_WAIT_MS),
    close: () => cache.close(),
  };
}
