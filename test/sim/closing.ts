import type { EvictionReason } from "../../src/engine/statistics.ts";
import type { Life } from "./life.ts";
import { startRead } from "./readers.ts";
import { plainly } from "./reads.ts";
import type { Simulation } from "./simulation.ts";

const CLOSING_MS = 6_000;
const REASONS: readonly EvictionReason[] = ["invalidated", "ttl", "size", "replaced"];

/** What the engine counts adds up; and once everything is closed nothing is held, and no timer runs. */
export async function checkClosed(sim: Simulation): Promise<void> {
  const { agenda, world } = sim;
  for (const life of sim.lives) {
    checkCounts(sim, life);
    life.process.enter("requests", () => {
      void life.writer?.close();
      void life.cache?.close();
    });
  }
  for (const node of sim.nodes) {
    startRead(sim, node, plainly({ name: "user", params: { id: 0 } }));
  }
  await agenda.runUntil(agenda.nowMs + CLOSING_MS, () => world.violation !== undefined);
  for (const { name, cache, process, waiting } of sim.lives) {
    const { entries = 0, bytes = 0, loading = 0 } = cache?.statistics() ?? {};
    if (entries + bytes + loading > 0)
      world.violate(`closed: ${name} still has ${entries} entries, ${bytes} bytes, ${loading} loads`);
    if (process.timers > 0) world.violate(`closed: ${name} still has ${process.timers} timers`);
    if (waiting.size > 0) world.violate(`closed: ${name} has requests without an answer`);
  }
}

/** Every entry that was stored is still held, or was evicted for one reason. */
function checkCounts({ world, deployment }: Simulation, { name, cache }: Life): void {
  if (cache === undefined) return;
  const { stored, entries, bytes, evictions, audit } = cache.statistics();
  const gone = REASONS.reduce((sum, reason) => sum + evictions[reason], 0);
  if (stored !== entries + gone)
    world.violate(`counts: ${name} stored ${stored} entries, holds ${entries}, and evicted ${gone}`);
  if (bytes > (deployment.cache.maxBytes ?? 0)) world.violate(`counts: ${name} holds ${bytes} bytes`);
  world.count("audit: agreed", audit.agreed);
  world.count("audit: overtaken", audit.overtaken);
  for (const reason of REASONS) world.count(`evicted: ${reason}`, evictions[reason]);
}
