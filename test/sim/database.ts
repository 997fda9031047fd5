import type { Mutation } from "../../src/index.ts";
import type { ReadLevel, StoreRead } from "../../src/ports/store.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import { delay, oneIn } from "./chance.ts";
import type { Write } from "./history.ts";
import { ALL, bit, liveRows, type Piece, partitionOf, REPLICAS, type Replica, Replicas } from "./replicas.ts";
import { EPOCH_MS, TIMES } from "./times.ts";
import type { World } from "./world.ts";

/** What a writer is told; `unknown` at its deadline if nothing else. */
export type Told = "refused" | "unknown" | { readonly applied: boolean };

/** A conditional write that was accepted and not committed: whoever comes next decides it. */
interface Undecided {
  readonly write: Write | undefined;
  readonly pieces: readonly Piece[];
  readonly untilMs: number;
}

/** What lands at all lands before the writer's deadline (A3); the way to the database took some of it. */
const LATEST_MS = TIMES.databaseDeadlineMs - 100;

/** How the simulated database itself is broken, to see whether the simulator notices. */
export type BrokenStore = "strong reads ask one replica" | "refused writes land";

/**
 * The database: three replicas, reached each after its own delay. A write is acknowledged by two, a strong read asks two (A2), a weak one
 * asks one. What a writer is not told lands within its deadline, or never (A3), but for hints and undecided conditions, which the history knows.
 */
export class Database {
  readonly #world: World;
  readonly #replicas = new Replicas();
  readonly #undecided = new Map<string, Undecided>();
  readonly #broken: BrokenStore | undefined;
  #decided = 0;

  constructor(world: World, broken: BrokenStore | undefined) {
    this.#world = world;
    this.#broken = broken;
  }

  /** Writes of one call, which `tell` answers unless its outcome is to stay unknown. */
  write(
    mutations: readonly Mutation[],
    timestampMicros: number,
    write: Write | undefined,
    tell: (told: Told) => void,
  ): void {
    if (this.#world.happens("write refused", 15)) {
      if (write !== undefined) write.isVoid = true;
      if (this.#broken === "refused writes land") this.#replicate(this.#pieces(mutations, timestampMicros, write), 1);
      tell("refused");
      return;
    }
    if (mutations.some((mutation) => "condition" in mutation)) this.#writeIf(mutations, write, tell);
    else this.#writePieces(this.#pieces(mutations, timestampMicros, write), write, tell);
  }

  /** What was there before anybody looked, on every replica. */
  fill(mutations: readonly Mutation[], write: Write): void {
    for (const piece of this.#pieces(mutations, 0, write)) piece.on = ALL;
  }

  /** What a read finds; undefined if it fails. */
  read(plan: ReadPlan, level: ReadLevel, tell: (found: StoreRead | undefined) => void): void {
    const { chance, agenda } = this.#world;
    const slowMs = this.#world.happens("slow read", 12) ? delay(chance, TIMES.readDeadlineMs) : 0;
    if (this.#world.happens("read failure", 25)) {
      agenda.after(1 + slowMs, () => tell(undefined));
      return;
    }
    const partition = `${plan.table.name}/${plan.where[plan.table.partition[0] ?? ""]}`;
    const isOne = level === "weak" || this.#broken === "strong reads ask one replica";
    const asked = this.#some(isOne ? 1 : 2);
    const found = new Set<Piece>();
    let left = asked.length;
    for (const replica of asked) {
      agenda.after(delay(chance, 20), () => {
        if (level === "serial") this.#decide(partition);
        for (const piece of this.#replicas.held(partition, bit(replica))) found.add(piece);
        if (--left > 0) return;
        if (!isOne) this.#repair(found, asked);
        const read = this.#answer(plan, [...found]);
        agenda.after(delay(chance, 20) + slowMs, () => tell(read));
      });
    }
  }

  /** Every row of a partition, as all replicas together have it once whatever is undecided has been decided. */
  truth(partition: string): ReturnType<typeof liveRows> {
    this.#decide(partition);
    return liveRows(this.#replicas.held(partition, ALL), this.#world.nowMs);
  }

  #writePieces(pieces: readonly Piece[], write: Write | undefined, tell: (told: Told) => void): void {
    const { chance, agenda } = this.#world;
    if (this.#world.happens("unknown, never lands", 15)) {
      if (oneIn(chance, 2)) tell("unknown");
      return;
    }
    if (this.#world.happens("unknown, minority", 12)) {
      this.#strand(pieces, write);
      if (oneIn(chance, 2)) tell("unknown");
      return;
    }
    if (this.#world.happens("unknown, lands", 10)) {
      this.#replicate(pieces, delay(chance, LATEST_MS));
      if (oneIn(chance, 2)) tell("unknown");
      return;
    }
    const ackedMs = this.#replicate(pieces, delay(chance, 40));
    agenda.after(ackedMs, () => {
      if (write !== undefined) write.hasDatabaseAcked = true;
      tell({ applied: true });
    });
  }

  /** Lands on two within its time, and on the third a little later or much later. Returns when two have it. */
  #replicate(pieces: readonly Piece[], withinMs: number): number {
    const { chance, isWeak } = this.#world;
    let ackedMs = 0;
    for (const piece of pieces) {
      const [first, second, third] = this.#some(3);
      const secondMs = Math.max(1, withinMs - chance.int(withinMs));
      this.#land(piece, first, Math.max(1, secondMs - chance.int(secondMs)));
      this.#land(piece, second, secondMs);
      const lags = this.#world.happens("lagging replica", 4);
      const lagMs = lags ? 1 + chance.int(isWeak ? TIMES.settleMs - 1 : 3_000) : delay(chance, 10);
      this.#land(piece, third, secondMs + lagMs);
      ackedMs = Math.max(ackedMs, secondMs);
    }
    return ackedMs;
  }

  /** Lands on one replica; a hint brings it to the others once its fence has surely ended. */
  #strand(pieces: readonly Piece[], write: Write | undefined): void {
    const { chance } = this.#world;
    if (write !== undefined) write.isStray = true;
    for (const piece of pieces) {
      const [first, ...others] = this.#some(3);
      this.#land(piece, first, delay(chance, LATEST_MS));
      const hintMs = TIMES.hintWindowMs - 1 - chance.int(TIMES.hintWindowMs - TIMES.databaseDeadlineMs);
      for (const replica of others) this.#land(piece, replica, hintMs);
    }
  }

  #land(piece: Piece, replica: Replica | undefined, afterMs: number): void {
    if (replica === undefined) return;
    this.#world.agenda.after(afterMs, () => {
      piece.on |= bit(replica);
    });
  }

  /** In one step, as Paxos makes it: what was left undecided first, then the condition, then the write. */
  #writeIf(mutations: readonly Mutation[], write: Write | undefined, tell: (told: Told) => void): void {
    const { chance, agenda } = this.#world;
    agenda.after(delay(chance, 40), () => {
      const [first] = mutations;
      if (first === undefined) return;
      const partition = partitionOf(first);
      this.#decide(partition);
      const asked = this.#some(2).reduce<number>((on, replica) => on | bit(replica), 0);
      const rows = liveRows(this.#replicas.held(partition, asked), agenda.nowMs);
      if (!mutations.every((mutation) => holds(mutation, rows))) {
        if (write !== undefined) write.isVoid = true;
        tell({ applied: false });
        return;
      }
      const timestamp = EPOCH_MS * 1_000 + agenda.nowMs * 1_000 + 100 + (this.#decided++ % 900);
      const pieces = this.#pieces(mutations, timestamp, write);
      if (!this.#world.happens("undecided condition", 4)) {
        this.#writePieces(pieces, write, tell);
        return;
      }
      if (write !== undefined) write.isStray = true;
      this.#undecided.set(partition, { write, pieces, untilMs: agenda.nowMs + TIMES.hintWindowMs });
      if (oneIn(chance, 2)) tell("unknown");
    });
  }

  /** Whoever finds an undecided write finishes it, or makes sure that it never is. */
  #decide(partition: string): void {
    const undecided = this.#undecided.get(partition);
    if (undecided === undefined) return;
    this.#undecided.delete(partition);
    const isCommitted = this.#world.nowMs < undecided.untilMs && this.#world.chance.int(3) < 2;
    this.#world.say("db", () => `decides w${undecided.write?.n}: ${isCommitted ? "it is done" : "it never was"}`);
    if (!isCommitted) {
      if (undecided.write !== undefined) undecided.write.isVoid = true;
      return;
    }
    for (const piece of undecided.pieces) {
      const [first, second, third] = this.#some(3);
      piece.on |= bit(first ?? 0) | bit(second ?? 1);
      this.#land(piece, third, 1 + this.#world.chance.int(200));
    }
  }

  /** What a strong read found in one of its replicas only is written to the other before it answers. */
  #repair(found: ReadonlySet<Piece>, asked: readonly Replica[]): void {
    for (const piece of found) for (const replica of asked) piece.on |= bit(replica);
  }

  #pieces(mutations: readonly Mutation[], timestamp: number, write: Write | undefined): readonly Piece[] {
    if (write !== undefined) write.timestamp = timestamp;
    return mutations.map((mutation) => {
      const ttlSeconds = "ttlSeconds" in mutation ? mutation.ttlSeconds : undefined;
      const expiresAtMs = ttlSeconds === undefined ? Number.POSITIVE_INFINITY : this.#world.nowMs + ttlSeconds * 1_000;
      if (write !== undefined && ttlSeconds !== undefined) write.expiresAtMs = expiresAtMs;
      const piece = { mutation, partition: partitionOf(mutation), timestamp, expiresAtMs, on: 0 };
      this.#replicas.add(piece);
      return piece;
    });
  }

  #answer(plan: ReadPlan, pieces: readonly Piece[]): StoreRead {
    const [column] = plan.table.clustering.map((of) => of.column);
    const fixed = column === undefined ? undefined : plan.where[column];
    const after = column === undefined ? undefined : plan.after?.[column];
    const rows = liveRows(pieces, this.#world.nowMs)
      .filter(({ clustering }) => fixed === undefined || clustering === fixed)
      .filter(({ clustering }) => after === undefined || clustering > Number(after))
      .slice(0, plan.limit);
    const expiries = rows.map(({ piece }) => piece.expiresAtMs).filter(Number.isFinite);
    return {
      rows: plan.kind === "count" ? [] : rows.map(({ row }) => row),
      count: rows.length,
      expiresInMs: expiries.length === 0 ? undefined : Math.min(...expiries) - this.#world.nowMs,
      expiryKnown: plan.table.ttl === "never" || plan.kind !== "count",
    };
  }

  /** So many replicas, by chance. */
  #some(n: number): readonly Replica[] {
    const first = this.#world.chance.int(3);
    const step = this.#world.chance.int(2) + 1;
    return REPLICAS.slice(0, n).flatMap((i) => REPLICAS[(first + i * step) % 3] ?? []);
  }
}

function holds(mutation: Mutation, rows: ReturnType<typeof liveRows>): boolean {
  if (!("condition" in mutation) || mutation.condition === undefined) return true;
  const { condition, key } = mutation;
  const row = rows.find((live) => Object.entries(key).every(([column, value]) => live.row[column] === value))?.row;
  if (condition.kind !== "equals") return (row !== undefined) === (condition.kind === "exists");
  return row !== undefined && Object.entries(condition.values).every(([column, value]) => row[column] === value);
}
