import type { Mutation } from "../../src/index.ts";
import type { Write } from "./history.ts";

/** One mutation, as replicas keep it. */
export interface Piece {
  readonly mutation: Mutation;
  readonly partition: string;
  /** Orders it against others, in microseconds; at one time a removal wins. */
  readonly timestamp: number;
  readonly expiresAtMs: number;
  readonly write: Write | undefined;
  /** Which of the three replicas have it, as bits. */
  on: number;
}

export type Row = Readonly<Record<string, unknown>>;
type Replica = 0 | 1 | 2;

export const REPLICAS = [0, 1, 2] as const;
export const ALL = 0b111;

/**
 * Three replicas of everything. A replica is the set of the mutations that reached it, and what it holds is what is left of them, the last
 * write of a row winning: so the order of arrival cannot matter, and what two replicas hold together is what is left of both sets.
 *
 * TRUNCATE is ordered by its timestamp like any other removal. In Cassandra it is not; to a cache that makes no difference.
 */
export class Replicas {
  readonly #partitions = new Map<string, Piece[]>();

  add(piece: Piece): void {
    const known = this.#partitions.get(piece.partition);
    if (known === undefined) this.#partitions.set(piece.partition, [piece]);
    else known.push(piece);
  }

  /** What these replicas, as bits, have of a partition; that of truncates of its table, too. */
  held(partition: string, on: number): readonly Piece[] {
    const table = partition.slice(0, partition.indexOf("/") + 1);
    const pieces = [...(this.#partitions.get(partition) ?? []), ...(this.#partitions.get(table) ?? [])];
    return pieces.filter((piece) => (piece.on & on) !== 0);
  }
}

/** The name of what a mutation changes: `table/partition`, or `table/` for all of it. */
export function partitionOf(mutation: Mutation): string {
  const { table } = mutation;
  return mutation.op === "truncate" ? `${table.name}/` : `${table.name}/${mutation.key[table.partition[0] ?? ""]}`;
}

export interface LiveRow {
  readonly row: Row;
  readonly clustering: number;
  readonly piece: Piece;
}

/** The rows that are left of these pieces, in clustering order. */
export function liveRows(pieces: readonly Piece[], nowMs: number): readonly LiveRow[] {
  const removals = pieces.filter(({ mutation }) => !("set" in mutation));
  const puts = new Map<number, LiveRow>();
  for (const piece of pieces) {
    const { mutation } = piece;
    if (!("set" in mutation)) continue;
    const clustering = clusteringOf(mutation);
    const known = puts.get(clustering);
    if (known !== undefined && known.piece.timestamp >= piece.timestamp) continue;
    puts.set(clustering, { row: Object.freeze({ ...mutation.key, ...mutation.set }), clustering, piece });
  }
  const isLeft = ({ piece, clustering }: LiveRow): boolean =>
    piece.expiresAtMs > nowMs &&
    !removals.some((removal) => removal.timestamp >= piece.timestamp && removes(removal.mutation, clustering));
  return [...puts.values()].filter(isLeft).sort((a, b) => a.clustering - b.clustering);
}

function clusteringOf({ table, key }: Extract<Mutation, { key: Row }>): number {
  const column = table.clustering[0]?.column;
  return column === undefined ? 0 : Number(key[column]);
}

/** Of the same partition. */
function removes(mutation: Mutation, clustering: number): boolean {
  if (mutation.op === "delete") return clusteringOf(mutation) === clustering;
  if (mutation.op === "deleteRange") return clustering >= Number(mutation.range.gte);
  return true;
}

export const bit = (replica: Replica): number => 1 << replica;
export type { Replica };
