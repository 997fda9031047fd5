import type { Chance } from "./chance.ts";
import type { Write } from "./history.ts";
import { ALL, bit, type Piece, REPLICAS } from "./replicas.ts";
import { EPOCH_MS, TIMES } from "./times.ts";
import type { World } from "./world.ts";

interface Left {
  readonly write: Write | undefined;
  readonly pieces: readonly Piece[];
  readonly untilMs: number;
}

/**
 * Conditional writes that were accepted and not committed. Whoever comes next in the partition, by a serial read or a conditional write,
 * finishes one or makes sure that it never is; after the hint window it is forgotten.
 */
export class Undecided {
  readonly #world: World;
  readonly #left = new Map<string, Left>();
  #ballots = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The time of a conditional write, which the database gives it: no writer's, and no two the same. */
  ballot(): number {
    return (EPOCH_MS + this.#world.nowMs) * 1_000 + 100 + (this.#ballots++ % 900);
  }

  /** Somebody who is none of ours reads the partition serially at some time, and decides it, if nobody has. */
  leave(partition: string, write: Write | undefined, pieces: readonly Piece[], chance: Chance): void {
    if (write !== undefined) write.isStray = true;
    this.#world.agenda.after(1 + chance.int(TIMES.hintWindowMs), () => this.decide(partition, chance));
    this.#left.set(partition, { write, pieces, untilMs: this.#world.nowMs + TIMES.hintWindowMs });
  }

  decide(partition: string, chance: Chance): void {
    const left = this.#left.get(partition);
    if (left === undefined) return;
    this.#left.delete(partition);
    const isDone = this.#world.nowMs < left.untilMs && chance.int(3) < 2;
    this.#world.say("db", () => `decides w${left.write?.n}: ${isDone ? "it is done" : "it never was"}`);
    if (!isDone && left.write !== undefined) left.write.isVoid = true;
    if (isDone) for (const piece of left.pieces) this.#commit(piece, chance);
  }

  /** On two replicas at once, and on the third a little later. */
  #commit(piece: Piece, chance: Chance): void {
    const late = REPLICAS[chance.int(3)] ?? REPLICAS[0];
    piece.on |= ALL & ~bit(late);
    this.#world.agenda.after(1 + chance.int(200), () => {
      piece.on |= bit(late);
    });
  }
}
