import type { Agenda } from "./agenda.ts";
import type { Broken } from "./broken.ts";
import { type Chance, delay, oneIn, type Tracks } from "./chance.ts";
import type { Fault } from "./faults.ts";
import { type Counted, count, type Tally } from "./tally.ts";

/** What everything in a simulation shares: time, chance, the faults that this schedule has, and what is said and counted. */
export class World {
  readonly agenda: Agenda;
  readonly tracks: Tracks;
  readonly faults: ReadonlySet<Fault>;
  readonly isWeak: boolean;
  readonly broken: Broken | undefined;
  readonly tally: Tally;
  readonly trace: string[] = [];
  /** From here on nothing goes wrong any more. */
  isHealed = false;
  /** The first thing seen that must not be. */
  violation: string | undefined;
  /** By how much everything on the way to the log and back is slower. */
  slowness = 1;
  readonly #isTraced: boolean;

  constructor(of: Pick<World, "agenda" | "tracks" | "faults" | "isWeak" | "broken" | "tally">, isTraced: boolean) {
    this.agenda = of.agenda;
    this.tracks = of.tracks;
    this.faults = of.faults;
    this.isWeak = of.isWeak;
    this.broken = of.broken;
    this.tally = of.tally;
    this.#isTraced = isTraced;
  }

  get nowMs(): number {
    return this.agenda.nowMs;
  }

  /** True once in `n`, if this schedule has the fault and it is not over. */
  happens(chance: Chance, fault: Fault, n: number): boolean {
    if (this.isHealed || !this.faults.has(fault) || !oneIn(chance, n)) return false;
    this.count(fault);
    return true;
  }

  count(what: Counted, times = 1): void {
    count(this.tally, what, times);
  }

  /** How long a message to or from the log is on its way. */
  latencyMs(chance: Chance): number {
    const longMs = this.happens(chance, "delay", 12) ? delay(chance, 500) : 0;
    return longMs + delay(chance, 8) * (this.isHealed ? 1 : this.slowness);
  }

  violate(what: string): void {
    if (this.violation !== undefined) return;
    this.violation = what;
    this.say("", `VIOLATION ${what}`);
  }

  /** Who, and what happened to it. Costs nothing unless somebody reads it: give a function where words are put together. */
  say(who: string, what: string | (() => string)): void {
    if (!this.#isTraced) return;
    const words = typeof what === "string" ? what : what();
    this.trace.push(`${String(this.nowMs).padStart(6)} ${who.padEnd(4)} ${words}`);
  }
}
