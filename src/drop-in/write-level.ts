import { types } from "cassandra-driver";
import { consistencyOf, type LevelName } from "../adapters/cassandra/levels.ts";
import { WriteLevelError } from "./errors.ts";

/** Levels at which a write reaches at least the replicas that it would reach at the other: reads that meet the one meet the other. */
const AS_STRONG: Readonly<Partial<Record<LevelName, readonly LevelName[]>>> = {
  LOCAL_ONE: ["ONE", "TWO", "THREE", "QUORUM", "LOCAL_QUORUM", "EACH_QUORUM", "ALL"],
  ONE: ["TWO", "THREE", "QUORUM", "LOCAL_ONE", "LOCAL_QUORUM", "EACH_QUORUM", "ALL"],
  LOCAL_QUORUM: ["EACH_QUORUM", "ALL"],
  QUORUM: ["EACH_QUORUM", "ALL"],
  EACH_QUORUM: ["ALL"],
};

/**
 * The level of a write that must be met by strong reads: the one that is set up, or a stronger one that the statement asks for. Throws
 * `WriteLevelError` for one that may be missed: to raise it silently would change what the application asked for.
 */
export function writeLevel(level: LevelName, asked: number | undefined): number {
  const [own, ...stronger] = [level, ...(AS_STRONG[level] ?? [])].map(consistencyOf);
  if (own === undefined || asked === undefined) return consistencyOf(level);
  if (asked === own || stronger.includes(asked)) return asked;
  throw new WriteLevelError(
    `a write at ${nameOf(asked)}, and strong reads meet writes at ${level}`,
    `Leave its consistency away, or give one as strong as ${level}; or set level.write and level.strongRead so that they overlap`,
  );
}

const nameOf = (level: number): string =>
  Object.entries(types.consistencies).find(([, value]) => value === level)?.[0] ?? `level ${level}`;
