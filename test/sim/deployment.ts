import type { NearCacheOptions } from "../../src/engine/cache-options.ts";
import type { WriterOptions } from "../../src/engine/writer-options.ts";
import type { ProtocolSettings } from "../../src/protocol/settings.ts";
import { type Chance, oneIn, pick } from "./chance.ts";
import { TIMES, TTL } from "./times.ts";

/** What one process runs. */
export interface Role {
  readonly name: string;
  readonly isFrontend: boolean;
  readonly isWriter: boolean;
  /** Its writes are announced as another release of the application would. */
  readonly hasOtherKeys: boolean;
  readonly onLogDown: "fail" | "write";
}

/** How this schedule is set up: roles, and limits so small that they are reached. 0 everywhere is the plainest. */
export interface Deployment {
  readonly roles: readonly Role[];
  readonly settings: Partial<ProtocolSettings>;
  readonly cache: Partial<NearCacheOptions>;
  readonly writer: Partial<WriterOptions>;
  /** The log was written to before; else it has just been made. */
  readonly hasHistory: boolean;
}

/** Limits to set by hand. */
export type Limits = Partial<Pick<Deployment, "settings" | "cache" | "writer">>;

/** Enough for every name that all views of the simulation depend on, and for no more than a few that were not let go. */
const JUST_ENOUGH_DEPENDENCIES = 150;

export function deploy(chance: Chance, isWeak: boolean, limits: Limits = {}): Deployment {
  const roles = someRoles(chance);
  const { fenceMs, settleMs, boundMs, orphanTtlMs, hintWindowMs } = TIMES;
  return {
    roles,
    hasHistory: !oneIn(chance, 3),
    settings: {
      fenceMs,
      settleMs,
      boundMs,
      orphanTtlMs,
      hintWindowMs,
      partitionSlots: pick(chance, [64, 64, 64, 2]),
      maxFill: pick(chance, [200, 200, 5]),
      maxWindows: pick(chance, [1_000, 1_000, 1_000, 2]),
      maxOrphans: pick(chance, [1_000, 1_000, 2]),
      maxDependencies: pick(chance, [10_000, JUST_ENOUGH_DEPENDENCIES, JUST_ENOUGH_DEPENDENCIES, 8]),
      ...limits.settings,
    },
    cache: {
      consistency: isWeak ? "weak" : "strong",
      ttlMs: TTL.defaultMs,
      probeEveryMs: TIMES.probeEveryMs,
      readDeadlineMs: TIMES.readDeadlineMs,
      auditEveryMs: pick(chance, [0, TIMES.auditEveryMs]),
      maxBytes: pick(chance, [1_000_000, 1_000_000, 1_000_000, 4_000]),
      maxRows: pick(chance, [100, 100, 2]),
      ...pick(chance, [{}, {}, {}, { maxReads: 2, maxWaitingReads: 3 }]),
      ...limits.cache,
    },
    writer: {
      logDeadlineMs: TIMES.logDeadlineMs,
      databaseDeadlineMs: TIMES.databaseDeadlineMs,
      maxClockSkewMs: TIMES.clockSkewMs,
      maxPending: pick(chance, [100, 100, 1]),
      ...limits.writer,
    },
  };
}

/** One process that reads and writes, and one to three others. */
function someRoles(chance: Chance): readonly Role[] {
  const plain = { hasOtherKeys: false, onLogDown: "fail" } as const;
  const both: Role = { name: "p1", isFrontend: true, isWriter: true, ...plain };
  const reads: Role = { name: "f2", isFrontend: true, isWriter: false, ...plain };
  const onLogDown = pick<Role["onLogDown"]>(chance, ["fail", "fail", "fail", "write"]);
  const writes: Role = { name: "w3", isFrontend: false, isWriter: true, hasOtherKeys: oneIn(chance, 4), onLogDown };
  const more: Role = { ...both, name: "p4", isWriter: oneIn(chance, 2) };
  return [both, ...pick(chance, [[reads], [reads, writes], [writes], [reads, writes, more]])];
}
