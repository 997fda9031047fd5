import type { Clock, Timer } from "../../src/ports/clock.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import type { Chance } from "./chance.ts";
import { EPOCH_MS } from "./times.ts";
import type { World } from "./world.ts";

/** Where something reaches a process: each source keeps its order, and among them a process that stood still has none. */
type Source = "timers" | "log" | "store" | "requests";

interface Waiting {
  readonly source: Source;
  readonly run: () => void;
}

/**
 * A process: its clocks, its timers, and whether it runs at all. Whatever enters the engine enters through `run`, so that a process that
 * stands still does nothing, and one that died never does again.
 */
export class SimProcess {
  readonly name: string;
  readonly #world: World;
  readonly #chance: Chance;
  #life = 0;
  #isStill = false;
  #waiting: Waiting[] = [];
  #wallOffsetMs = 0;
  /** How long the monotonic clock has stood still. */
  #sleptMs = 0;
  /** Timers of the engine that are neither done nor cancelled. */
  timers = 0;

  constructor(world: World, name: string) {
    this.#world = world;
    this.name = name;
    this.#chance = world.tracks.of(`process ${name}`);
  }

  now(): Instant {
    const { nowMs } = this.#world;
    return { monotonicMs: nowMs - this.#sleptMs, wallMs: EPOCH_MS + nowMs + this.#wallOffsetMs };
  }

  /** Runs this in the process as it lives now: at once, or once it moves again; never after its death. */
  enter(source: Source, run: () => void): void {
    if (this.#isStill || this.#waiting.length > 0) this.#waiting.push({ source, run });
    else this.#enterNow(run);
  }

  /** Asked later: whether the process still lives as it does now. */
  watchLife(): () => boolean {
    const life = this.#life;
    return () => life === this.#life;
  }

  /** Does it later, unless the process has died by then. */
  inThisLife(run: () => void): () => void {
    const isAlive = this.watchLife();
    return () => {
      if (isAlive()) run();
    };
  }

  /** Clocks and timers of this life. */
  clock(): Clock {
    return { now: () => this.now(), after: (delayMs, run) => this.#timer(delayMs, run, 1) };
  }

  /** A timer that is not the engine's. */
  after(delayMs: number, run: () => void): Timer {
    return this.#timer(delayMs, run, 0);
  }

  standStill(forMs: number, isAsleep: boolean): boolean {
    if (this.#isStill) return false;
    this.#isStill = true;
    const goOn = (): void => {
      if (isAsleep) this.#sleptMs += forMs;
      if (isAsleep && this.#world.broken === "no clock counts sleep") this.#wallOffsetMs -= forMs;
      this.#isStill = false;
      this.#world.say(this.name, "goes on");
      this.#catchUp();
    };
    this.#world.agenda.after(forMs, this.inThisLife(goOn));
    return true;
  }

  get isStill(): boolean {
    return this.#isStill || this.#waiting.length > 0;
  }

  shiftWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Sets the wall clock right, as far as A4 asks for at a start. */
  limitSkew(mostMs: number): void {
    this.#wallOffsetMs = Math.max(-mostMs, Math.min(mostMs, this.#wallOffsetMs));
  }

  /** Nothing of this life runs again. */
  die(): void {
    this.#life++;
    this.#isStill = false;
    this.#waiting = [];
    this.timers = 0;
  }

  #enterNow(run: () => void): void {
    this.#world.agenda.unsettle();
    try {
      run();
    } catch (error) {
      this.#world.violate(`threw: ${this.name} ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  /** What waited, one after the other. Whether requests come before what the log had to say is chance: the operating system has no order. */
  #catchUp(): void {
    const sources = [...new Set(this.#waiting.map(({ source }) => source))];
    const source = sources[this.#chance.int(Math.max(1, sources.length))];
    const next = this.#waiting.findIndex((waiting) => waiting.source === source);
    const [waiting] = next < 0 ? [] : this.#waiting.splice(next, 1);
    if (waiting === undefined) return;
    this.#enterNow(waiting.run);
    this.#world.agenda.after(
      0,
      this.inThisLife(() => {
        if (!this.#isStill) this.#catchUp();
      }),
    );
  }

  #timer(delayMs: number, run: () => void, counts: number): Timer {
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.timers -= counts;
    };
    const dueMs = this.now().monotonicMs + Math.max(0, Math.ceil(delayMs));
    const fire = (): void => {
      if (isOver) return;
      const leftMs = dueMs - this.now().monotonicMs; // the machine slept meanwhile
      if (leftMs > 0) this.#world.agenda.after(leftMs, this.inThisLife(wake));
      else {
        end();
        run();
      }
    };
    const wake = (): void => this.enter("timers", fire);
    this.timers += counts;
    this.#world.agenda.after(Math.max(0, Math.ceil(delayMs)), this.inThisLife(wake));
    return { cancel: this.inThisLife(end) };
  }
}
