import type { Socket } from "node:net";
import type { LinkCounters, Treatment } from "./link-state.ts";

interface Waiting {
  readonly chunk: Buffer;
  readonly dueMs: number;
}

/** As much waits here; what comes beyond it waits in the sender's socket. */
const MAX_WAITING_BYTES = 1024 ** 2;

/** The bytes that go one way through a connection, in order whatever is done with them. */
export class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #counters: LinkCounters;
  #treatment: Treatment = { kind: "pass" };
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(from: Socket, to: Socket, counters: LinkCounters) {
    this.#from = from;
    this.#to = to;
    this.#counters = counters;
    from.on("data", (chunk: Buffer) => this.#take(chunk));
    to.on("drain", () => this.#adjust());
  }

  treat(treatment: Treatment): void {
    this.#treatment = treatment;
    this.#send();
  }

  /** The sender has gone: the receiver is told so once it has everything. */
  finish(): void {
    this.#ending = true;
    this.#send();
  }

  /** Sends nothing more. */
  abandon(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #take(chunk: Buffer): void {
    const treatment = this.#treatment;
    if (treatment.kind === "lose") {
      this.#counters.bytesLost += chunk.length;
      return;
    }
    if (treatment.kind !== "pass") this.#counters.bytesLate += chunk.length;
    const delayMs = treatment.kind === "late" ? treatment.delayMs : 0;
    this.#waiting.push({ chunk, dueMs: performance.now() + delayMs });
    this.#waitingBytes += chunk.length;
    this.#send();
  }

  /** Sends what is due; comes back for the rest. */
  #send(): void {
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    let next = this.#waiting[0];
    while (next !== undefined && this.#isDue(next, nowMs)) {
      this.#waiting.shift();
      this.#waitingBytes -= next.chunk.length;
      this.#counters.bytesPassed += next.chunk.length;
      if (this.#to.writable) this.#to.write(next.chunk);
      next = this.#waiting[0];
    }
    this.#adjust();
    if (next === undefined && this.#ending) this.#to.end();
    if (next !== undefined && this.#treatment.kind === "late") {
      this.#timer = setTimeout(() => this.#send(), next.dueMs - nowMs);
    }
  }

  #isDue({ dueMs }: Waiting, nowMs: number): boolean {
    if (this.#treatment.kind === "hold") return false;
    return this.#treatment.kind !== "late" || dueMs <= nowMs;
  }

  /** Takes in more while there is room for it. */
  #adjust(): void {
    const hasRoom = this.#waitingBytes < MAX_WAITING_BYTES && !this.#to.writableNeedDrain;
    if (hasRoom || this.#treatment.kind === "lose") this.#from.resume();
    else this.#from.pause();
  }
}
