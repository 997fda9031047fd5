import type { Mutation } from "../../src/index.ts";
import type { ReadLevel, StoreRead } from "../../src/ports/store.ts";
import type { ReadPlan } from "../../src/spec/read-plan.ts";
import { type Chance, delay, oneIn } from "./chance.ts";
import type { Write } from "./history.ts";
import { answerOf, holds, readPartition } from "./query.ts";
import {
  ALL,
  bit,
  type LiveRow,
  liveRows,
  type Piece,
  partitionOf,
  REPLICAS,
  type Replica,
  Replicas,
} from "./replicas.ts";
import { TIMES } from "./times.ts";
import { Undecided } from "./undecided.ts";
import type { World } from "./world.ts";

/** What a writer is told; `unknown` where the coordinator gives up, and nothing at all where even that is lost. */
export type Told = "refused" | "unknown" | { readonly applied: boolean };
type Tell = (told: Told) => void;

/** One call of a writer: what it writes, which write of the history that is, and its own choices. */
export interface Writing {
  readonly mutations: readonly Mutation[];
  readonly timestampMicros: number;
  readonly write: Write | undefined;
  readonly chance: Chance;
}

/** What is acknowledged is so before its writer's deadline; the way to the database took some of it. */
const LATEST_ACK_MS = TIMES.databaseDeadlineMs - 100;

/**
 * The database: three replicas, reached each after its own delay. A write is acknowledged by two, a strong read asks two (A2), a weak one
 * asks one. What a writer is not told lands within its deadline, or never (A3), but for hints and undecided conditions, which the history
 * knows.
 */
export class Database {
  readonly #world: World;
  readonly #replicas = new Replicas();
  readonly #undecided: Undecided;

  constructor(world: World) {
    this.#world = world;
    this.#undecided = new Undecided(world);
  }

  /** `tell` is called unless even that the outcome is unknown is lost. */
  write(writing: Writing, tell: Tell): void {
    const { mutations, timestampMicros, write, chance } = writing;
    if (this.#world.happens(chance, "write refused", 6)) {
      if (write !== undefined) write.isVoid = true;
      if (this.#world.broken === "refused writes land")
        this.#replicate(this.#pieces(writing, timestampMicros), 1, chance);
      tell("refused");
      return;
    }
    if (mutations.some((mutation) => "condition" in mutation)) this.#writeIf(writing, tell);
    else this.#writePieces(this.#pieces(writing, timestampMicros), writing, tell);
  }

  /** What was there before anybody looked, on every replica. */
  fill(writing: Writing): void {
    for (const piece of this.#pieces(writing, writing.timestampMicros)) piece.on = ALL;
  }

  /** What a read finds; undefined if it fails. */
  read(plan: ReadPlan, level: ReadLevel, chance: Chance, tell: (found: StoreRead | undefined) => void): void {
    const { agenda } = this.#world;
    const slowMs = this.#world.happens(chance, "slow read", 12) ? delay(chance, TIMES.readDeadlineMs) : 0;
    if (this.#world.happens(chance, "read failure", 25)) {
      agenda.after(1 + slowMs, () => tell(undefined));
      return;
    }
    const partition = readPartition(plan);
    const isOne = level === "weak" || this.#world.broken === "strong reads ask one replica";
    const asked = some(chance, isOne ? 1 : 2);
    const found = new Set<Piece>();
    let left = asked.length;
    for (const replica of asked) {
      agenda.after(delay(chance, 20), () => {
        if (level === "serial") this.#undecided.decide(partition, chance);
        for (const piece of this.#replicas.held(partition, bit(replica))) found.add(piece);
        if (--left > 0) return;
        if (!isOne) this.#repair(found, asked);
        const read = answerOf(plan, [...found], this.#world.nowMs);
        agenda.after(delay(chance, 20) + slowMs, () => tell(read));
      });
    }
  }

  /** Every row of a partition, as all replicas together have it once whatever is undecided has been decided. */
  truth(partition: string): readonly LiveRow[] {
    this.#undecided.decide(partition, this.#world.tracks.of("truth"));
    return liveRows(this.#replicas.held(partition, ALL), this.#world.nowMs);
  }

  #writePieces(pieces: readonly Piece[], { write, chance }: Writing, tell: Tell): void {
    const ackedMs = this.#landSomehow(pieces, write, chance);
    if (ackedMs === undefined) {
      if (oneIn(chance, 2)) tell("unknown");
      return;
    }
    this.#world.agenda.after(ackedMs, () => {
      if (write !== undefined) write.hasDatabaseAcked = true;
      if (this.#world.broken === "acknowledged writes are forgotten" && oneIn(chance, 4))
        for (const piece of pieces) piece.on = 0;
      tell({ applied: true });
    });
  }

  /** Returns when it is acknowledged; undefined if it never is. */
  #landSomehow(pieces: readonly Piece[], write: Write | undefined, chance: Chance): number | undefined {
    const world = this.#world;
    if (world.happens(chance, "unknown, never lands", 6)) return undefined;
    if (world.happens(chance, "unknown, minority", 5)) {
      if (write !== undefined) write.isStray = true;
      this.#strand(pieces, this.#latestMs(write), chance);
      return undefined;
    }
    if (world.happens(chance, "unknown, lands", 3)) {
      this.#replicate(pieces, 1 + chance.int(this.#latestMs(write)), chance);
      return undefined;
    }
    const withinMs = world.happens(chance, "slow write", 4) ? 1 + chance.int(LATEST_ACK_MS) : delay(chance, 40);
    return this.#replicate(pieces, withinMs, chance);
  }

  /**
   * How much longer a write of unknown outcome may take to land (A3): until F after its fence was sent, which was no sooner than the write
   * began. A writer that did not look at that time would still have the database's own deadline.
   */
  #latestMs(write: Write | undefined): number {
    const ageMs = this.#world.nowMs - (write?.begunAtMs ?? 0);
    return Math.max(TIMES.fenceMs - ageMs - 1, LATEST_ACK_MS);
  }

  /** Lands on two within its time, and on the third a little later or much later. Returns when two have it. */
  #replicate(pieces: readonly Piece[], withinMs: number, chance: Chance): number {
    let ackedMs = 0;
    for (const piece of pieces) {
      const [first, second, third] = some(chance, 3);
      const secondMs = Math.max(1, withinMs - chance.int(withinMs));
      this.#land(piece, first, Math.max(1, secondMs - chance.int(secondMs)));
      this.#land(piece, second, secondMs);
      const lags = this.#world.happens(chance, "lagging replica", 2);
      const longestMs = this.#world.isWeak ? TIMES.settleMs - 1 : TIMES.hintWindowMs;
      this.#land(piece, third, secondMs + (lags ? 1 + chance.int(longestMs) : delay(chance, 10)));
      ackedMs = Math.max(ackedMs, secondMs);
    }
    return ackedMs;
  }

  /** Lands on one replica; a hint brings it to the others later, as a rule once its fence has ended. */
  #strand(pieces: readonly Piece[], latestMs: number, chance: Chance): void {
    for (const piece of pieces) {
      const [first, ...others] = some(chance, 3);
      this.#land(piece, first, 1 + chance.int(latestMs));
      const hintMs = TIMES.hintWindowMs - 1 - chance.int(TIMES.hintWindowMs - TIMES.databaseDeadlineMs);
      for (const replica of others) this.#land(piece, replica, hintMs);
    }
  }

  #land(piece: Piece, replica: Replica | undefined, afterMs: number): void {
    if (replica === undefined) return;
    this.#world.agenda.after(afterMs, () => {
      this.#put(piece, replica);
    });
  }

  #put(piece: Piece, replica: Replica): void {
    const wasMet = this.#isMet(piece);
    piece.on |= bit(replica);
    const { write } = piece;
    if (write === undefined || wasMet || !this.#isMet(piece)) return;
    write.unlanded--;
    if (write.unlanded === 0) write.landedAtMs = this.#world.nowMs;
  }

  /** Reads of the level that frontends use meet it. */
  #isMet({ on }: Piece): boolean {
    return this.#world.isWeak ? on === ALL : (on & (on - 1)) !== 0;
  }

  /** What a strong read found in one of its replicas only is written to the other before it answers. */
  #repair(found: ReadonlySet<Piece>, asked: readonly Replica[]): void {
    const all = asked.reduce<number>((on, replica) => on | bit(replica), 0);
    for (const piece of found) {
      if ((piece.on & all) === all) continue;
      if (this.#world.faults.has("no read repair")) this.#world.count("no read repair");
      else for (const replica of asked) this.#put(piece, replica);
    }
  }

  /** In one step, as Paxos makes it: what was left undecided first, then the condition, then the write. */
  #writeIf(writing: Writing, tell: Tell): void {
    const { mutations, write, chance } = writing;
    const { agenda } = this.#world;
    agenda.after(delay(chance, 40), () => {
      const [first] = mutations;
      if (first === undefined) return;
      const partition = partitionOf(first);
      this.#undecided.decide(partition, chance);
      const asked = some(chance, 2).reduce<number>((on, replica) => on | bit(replica), 0);
      const rows = liveRows(this.#replicas.held(partition, asked), agenda.nowMs);
      if (!mutations.every((mutation) => holds(mutation, rows))) {
        if (write !== undefined) write.isVoid = true;
        tell({ applied: false });
        return;
      }
      const pieces = this.#pieces(writing, this.#undecided.ballot());
      if (!this.#world.happens(chance, "undecided condition", 2)) {
        this.#writePieces(pieces, writing, tell);
        return;
      }
      this.#undecided.leave(partition, write, pieces, chance);
      if (oneIn(chance, 2)) tell("unknown");
    });
  }

  #pieces({ mutations, write }: Writing, timestamp: number): readonly Piece[] {
    if (write !== undefined) Object.assign(write, { timestamp, unlanded: mutations.length });
    return mutations.map((mutation) => {
      const ttlSeconds = "ttlSeconds" in mutation ? mutation.ttlSeconds : undefined;
      const expiresAtMs = ttlSeconds === undefined ? Number.POSITIVE_INFINITY : this.#world.nowMs + ttlSeconds * 1_000;
      if (write !== undefined && ttlSeconds !== undefined) write.expiresAtMs = expiresAtMs;
      const piece = { mutation, partition: partitionOf(mutation), timestamp, expiresAtMs, write, on: 0 };
      this.#replicas.add(piece);
      return piece;
    });
  }
}

/** So many replicas, by chance. */
function some(chance: Chance, n: number): readonly Replica[] {
  const first = chance.int(3);
  const step = chance.int(2) + 1;
  return REPLICAS.slice(0, n).flatMap((i) => REPLICAS[(first + i * step) % 3] ?? []);
}
