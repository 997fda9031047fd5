import { types } from "cassandra-driver";
import type { ReadLevel } from "../../ports/store.ts";

const { consistencies } = types;

/** Consistency levels by Cassandra's names. */
const CONSISTENCIES = {
  ONE: consistencies.one,
  TWO: consistencies.two,
  THREE: consistencies.three,
  QUORUM: consistencies.quorum,
  ALL: consistencies.all,
  LOCAL_QUORUM: consistencies.localQuorum,
  EACH_QUORUM: consistencies.eachQuorum,
  LOCAL_ONE: consistencies.localOne,
} as const;

const SERIAL_CONSISTENCIES = { SERIAL: consistencies.serial, LOCAL_SERIAL: consistencies.localSerial } as const;

/** A consistency level for reads and writes. ANY is not among them: no read overlaps it. */
export type LevelName = keyof typeof CONSISTENCIES;
export type SerialLevelName = keyof typeof SERIAL_CONSISTENCIES;

/** The levels a store uses. */
export interface Levels {
  readonly write: LevelName;
  /** Of reads that must see every acknowledged write. */
  readonly strongRead: LevelName;
  /** Of conditional writes, and of the reads that finish them. */
  readonly serial: SerialLevelName;
}

/** One data centre. With several, choose EACH_QUORUM writes, or EACH_QUORUM strong reads, and SERIAL. */
export const DEFAULT_LEVELS: Levels = { write: "LOCAL_QUORUM", strongRead: "LOCAL_QUORUM", serial: "LOCAL_SERIAL" };

export const consistencyOf = (name: LevelName): number => CONSISTENCIES[name];

export const serialConsistencyOf = (name: SerialLevelName): number => SERIAL_CONSISTENCIES[name];

export function readConsistency(levels: Levels, level: ReadLevel): number {
  if (level === "serial") return serialConsistencyOf(levels.serial);
  return consistencyOf(level === "strong" ? levels.strongRead : "LOCAL_ONE");
}
