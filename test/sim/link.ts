import type { LogListener, LogRecord, Pulse } from "../../src/ports/invalidation-log.ts";
import { type Chance, delay } from "./chance.ts";
import type { LogServer } from "./log-server.ts";
import type { SimProcess } from "./sim-process.ts";
import { TIMES } from "./times.ts";
import type { World } from "./world.ts";

type Respond = () => Promise<Pulse>;

/**
 * A process's connection to the log. Each way it delivers in order, as long as no fault says otherwise; what is on its way when it breaks
 * is lost. The two ends need not agree whether it is there.
 */
export class Link {
  readonly process: SimProcess;
  readonly chance: Chance;
  readonly #world: World;
  readonly #server: LogServer;
  /** As the client sees it. */
  isUp = false;
  /** As the server sees it. */
  isAttached = false;
  /** False while half-open: nothing passes either way. */
  #passes = true;
  /** On the far side of a partition of the cluster. */
  isIsolated = false;
  #generation = 0;
  #isClosed = false;
  #upAtMs = 0;
  #downAtMs = 0;
  readonly listeners = new Set<LogListener>();
  readonly responders = new Set<Respond>();
  readonly #onHeard: (record: LogRecord) => void;
  /** Requests under way: they fail when the client sees that the connection broke. */
  readonly waiting = new Set<() => void>();

  constructor(world: World, server: LogServer, process: SimProcess, onHeard: (record: LogRecord) => void) {
    this.#world = world;
    this.#server = server;
    this.process = process;
    this.#onHeard = onHeard;
    this.chance = world.tracks.of(`link of ${process.name}`);
  }

  /** Connects, and tells listeners once a round trip has shown that the server has their subscriptions. */
  connect(): void {
    if (this.isUp || this.#isClosed) return;
    if (this.#server.isDown) {
      this.#reconnectLater();
      return;
    }
    this.#generation++;
    this.#passes = true;
    this.isUp = true;
    this.isAttached = true;
    this.#world.say(this.process.name, "is connected to the log");
    const listeners = [...this.listeners]; // whoever listens later is told by itself
    this.toClient(() => {
      for (const listener of listeners) listener.connected();
    });
  }

  /** The connection breaks: both ends see it at once, and the client comes back. */
  cut(): boolean {
    if (!this.isUp) return false;
    this.#generation++;
    this.isUp = false;
    this.isAttached = false;
    this.#world.say(this.process.name, "IS CUT from the log");
    this.process.enter("log", () => this.#tellDown());
    this.#reconnectLater();
    return true;
  }

  /** Nothing passes any more; each end finds out by its own pings. */
  halfOpen(): boolean {
    if (!this.isUp || !this.#passes) return false;
    this.#passes = false;
    this.#world.say(this.process.name, "HAS A HALF-OPEN LINK");
    const generation = this.#generation;
    const ifStill = (run: () => void) => () => {
      if (this.#generation === generation) run();
    };
    const seen = (): number => TIMES.pingTimeoutMs + this.chance.int(TIMES.pingTimeoutMs);
    this.#world.agenda.after(
      seen(),
      ifStill(() => {
        this.isAttached = false;
      }),
    );
    this.#world.agenda.after(
      seen(),
      ifStill(() => void this.cut()),
    );
    return true;
  }

  /** The process is gone, and its connection with it. */
  close(): void {
    this.#isClosed = true;
    this.#generation++;
    this.isUp = false;
    this.isAttached = false;
  }

  toServer(run: () => void): void {
    if (this.isUp) this.#upAtMs = this.#send(this.#upAtMs, run);
  }

  /** Hands something to the client; it runs in the process. */
  toClient(run: () => void): void {
    if (this.isAttached) this.#downAtMs = this.#send(this.#downAtMs, () => this.process.enter("log", run));
  }

  hear(record: LogRecord): void {
    this.#onHeard(record);
    for (const listener of this.listeners) listener.record(record);
  }

  /** The same once some time has passed, if it is still this connection, to this life of the log. */
  toClientLater(afterMs: number, run: () => void): void {
    const generation = this.#generation;
    const { epoch } = this.#server;
    this.#world.agenda.after(afterMs, () => {
      if (generation === this.#generation && epoch === this.#server.epoch) this.toClient(run);
    });
  }

  /** In order behind what was sent before, unless the connection breaks first. Returns when it arrives. */
  #send(behindMs: number, arrive: () => void): number {
    const { agenda } = this.#world;
    const generation = this.#generation;
    const atMs = Math.max(behindMs, agenda.nowMs + this.#world.latencyMs(this.chance));
    agenda.after(atMs - agenda.nowMs, () => {
      if (generation === this.#generation && this.#passes) arrive();
    });
    return atMs;
  }

  #tellDown(): void {
    for (const listener of this.listeners) listener.disconnected();
    for (const lose of [...this.waiting]) lose();
  }

  #reconnectLater(): void {
    const afterMs = delay(this.chance, 600);
    this.#world.agenda.after(afterMs, () => this.connect());
  }
}
