import type { Instant } from "../../src/protocol/instant.ts";
import { servable } from "./coherence-readers.ts";
import { has, type Scenario } from "./coherence-scenario.ts";
import { inMemory, type Move } from "./coherence-steps.ts";
import { baseOf, type World } from "./coherence-world.ts";
import type { Core } from "./core.ts";

/** Before any probe was sent that is proof. */
const EARLIER: Instant = Object.freeze({ monotonicMs: -1, wallMs: -1 });

/**
 * L2: the audit reads strongly what it finds held, and judges a difference once a later probe is proof: once everything that the log held
 * by then is applied, or flushed past. Every write here is announced, so that it must never call a value stale.
 */
export function auditSteps(core: Core, scenario: Scenario, world: World): Move[] {
  if (!has(scenario, "audit")) return [];
  return world.suspect === undefined ? findingSteps(core, scenario, world) : judgingSteps(core, world);
}

function findingSteps(core: Core, { reads }: Scenario, world: World): Move[] {
  if (world.spent.includes("audit")) return [];
  return reads.flatMap((name) => {
    const entry = servable(core, world, name);
    const key = baseOf(name);
    if (entry === undefined || entry.version === Math.max(world.leading[key], world.lagging[key])) return [];
    return inMemory(`the audit finds another ${name} in the database than is held`, (after) => {
      const copy = after.entries.get(name)?.copy;
      after.suspect = copy && { copy, foundAt: after.log.length };
      after.spent = [...after.spent, "audit"];
    });
  });
}

function judgingSteps(core: Core, world: World): Move[] {
  const { front, suspect } = world;
  if (suspect === undefined || front.feed.applied < suspect.foundAt) return [];
  const verdict = core.audit.judge(front, { copy: suspect.copy, readAt: EARLIER });
  if (verdict === "unknown") return [];
  const judges = inMemory(`the audit has a proof, and calls it ${verdict}`, (after) => {
    after.suspect = undefined;
    if (verdict === "stale") after.broken = "L2: the audit calls a value stale though its write was announced";
  });
  return [judges];
}
