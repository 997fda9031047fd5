import type { LogRecord, LogSlice, LogStart } from "../../src/ports/invalidation-log.ts";
import { type Epoch, epoch, type Position, sequence } from "../../src/protocol/position.ts";
import { delay, oneIn } from "./chance.ts";
import type { Rewind } from "./excuses.ts";
import type { Link } from "./link.ts";
import { wordsOfMessage } from "./message-words.ts";
import { EPOCH_MS, TIMES } from "./times.ts";
import type { World } from "./world.ts";

/** Told of what is stored, as it is stored. */
export type OnStored = (record: LogRecord) => void;
type Answer = Position | "refused";

/** How far an isolated server's copy goes, and of which life of the log. */
interface Copy {
  readonly epoch: Epoch;
  readonly first: number;
  readonly records: readonly LogRecord[];
}

/**
 * The log: one sequencer. What it stores it numbers without holes, keeps, and sends to every link that is attached (A1); what happens to it
 * otherwise is a fault with a name.
 */
export class LogServer {
  readonly #world: World;
  readonly #onStored: OnStored;
  readonly links = new Set<Link>();
  isDown = false;
  #lives = 1;
  #restarts = 0;
  #first = 1;
  #records: LogRecord[] = [];
  #stored = 0;
  #stalledUntilMs = 0;
  readonly #ids = new Map<string, { readonly at: number; readonly untilMs: number }>();
  readonly #copies = new Map<Link, Copy>();
  /** Up to where each process may know this life of the log. */
  readonly #sentTo = new Map<string, number>();

  /** With a history, somebody has written to it before; else it has just been made. */
  constructor(world: World, hasHistory: boolean, onStored: OnStored) {
    this.#world = world;
    this.#onStored = onStored;
    if (hasHistory) for (let i = 0; i < 3; i++) this.#keep(`{"kind":"tick","v":1,"tick":"old-${i}"}`, -4 * 60_000);
  }

  get epoch(): Epoch {
    return epoch(`E${this.#lives}`);
  }

  get last(): number {
    return this.#first + this.#records.length - 1;
  }

  /** A message arrives. `answer` is called when the log has it, or refuses it; or never. */
  receive(from: Link, body: string, id: string | undefined, answer: (to: Answer) => void): void {
    if (this.isDown || from.isIsolated) return;
    const { agenda } = this.#world;
    if (this.#world.happens(from.chance, "unavailable", 20)) {
      answer("refused");
      return;
    }
    const stalledMs = Math.max(0, this.#stalledUntilMs - agenda.nowMs);
    if (stalledMs > 0 && oneIn(from.chance, 5)) return; // it was with the leader that is gone
    const lateMs = this.#world.happens(from.chance, "stored late", 20) ? delay(from.chance, 1_500) : 0;
    const restarts = this.#restarts;
    const store = (): void => {
      if (restarts === this.#restarts) this.#store(from, body, id, answer);
    };
    if (stalledMs + lateMs === 0) store();
    else agenda.after(stalledMs + lateMs, store);
  }

  /** Undefined while there is no leader to ask. */
  read(from: Link, start: LogStart, limit: number): LogSlice | undefined {
    if (this.#stalledUntilMs > this.#world.nowMs && !from.isIsolated) return undefined;
    const { epoch: of, first, records } = this.#copies.get(from) ?? this.#copy();
    const begin =
      "sequence" in start
        ? Math.max(0, start.sequence - first)
        : records.findIndex(({ storedAtMs }) => storedAtMs >= start.storedAtMs);
    if (of === this.epoch) this.#noteSent(from, first + records.length - 1);
    return {
      epoch: of,
      first: sequence(first),
      last: sequence(first + records.length - 1),
      records: begin < 0 ? [] : records.slice(begin, begin + limit),
    };
  }

  /** Those that can be asked by this one, as far as the server knows. */
  respondersFor(asking: Link): readonly Link[] {
    return [...this.links].filter(
      (link) => link.isAttached && link.responders.size > 0 && link.isIsolated === asking.isIsolated,
    );
  }

  /** Everything that is connected is cut; what was not stored yet is gone. */
  restart(downMs: number): boolean {
    const wasUp = !this.isDown;
    this.#restarts++;
    this.isDown = true;
    this.#world.say("log", "THE SERVER RESTARTS");
    for (const link of this.links) link.cut();
    this.#world.agenda.after(downMs, () => {
      this.isDown = false;
      this.#world.say("log", "the server is up");
    });
    return wasUp;
  }

  elect(forMs: number): boolean {
    const untilMs = this.#world.nowMs + forMs;
    if (untilMs <= this.#stalledUntilMs) return false;
    this.#world.say("log", `ELECTS A LEADER for ${forMs} ms`);
    this.#stalledUntilMs = untilMs;
    return true;
  }

  /** A leader is there again. */
  settle(): void {
    this.#stalledUntilMs = 0;
  }

  isolate(link: Link): boolean {
    if (link.isIsolated) return false;
    this.#world.say(link.process.name, "IS ISOLATED with an old leader");
    this.#copies.set(link, this.#copy());
    link.isIsolated = true;
    return true;
  }

  reunite(link: Link): void {
    if (!link.isIsolated) return;
    this.#world.say(link.process.name, "is no longer isolated");
    this.#copies.delete(link);
    link.isIsolated = false;
  }

  recreate(): void {
    this.#lives++;
    this.#restarts++;
    this.#first = 1;
    this.#records = [];
    this.#ids.clear();
    this.#sentTo.clear();
    this.#world.say("log", `IS MADE ANEW: ${this.epoch}`);
  }

  /** Loses the last records, as a disk set back does; their sequences are given again. Undefined if there was nothing to lose. */
  rewind(by: number): Rewind | undefined {
    const lastLost = this.last;
    const keep = Math.max(this.#first - 1, lastLost - by);
    if (keep === lastLost) return undefined;
    this.#records.length = keep - this.#first + 1;
    for (const [id, { at }] of this.#ids) if (at > keep) this.#ids.delete(id);
    this.#world.say("log", `IS SET BACK to ${keep}`);
    const heard = [...this.#sentTo].flatMap(([name, upTo]) => (upTo > keep ? name : []));
    return { atMs: this.#world.nowMs, epoch: this.epoch, keep, lastLost, heard: new Set(heard) };
  }

  purge(upTo: number): boolean {
    const gone = Math.max(0, Math.min(upTo, this.last) - this.#first + 1);
    this.#records.splice(0, gone);
    this.#first += gone;
    this.#world.say("log", `FORGETS its records before ${this.#first}`);
    return gone > 0;
  }

  /** What nobody of ours has published. */
  junk(body: string): void {
    this.#deliver(this.#keep(body, 0));
  }

  #noteSent({ process }: Link, upTo: number): void {
    this.#sentTo.set(process.name, Math.max(upTo, this.#sentTo.get(process.name) ?? 0));
  }

  #copy(): Copy {
    return { epoch: this.epoch, first: this.#first, records: [...this.#records] };
  }

  #store({ chance }: Link, body: string, id: string | undefined, answer: (to: Answer) => void): void {
    if (
      this.#world.broken === "acknowledged messages are not stored" &&
      body.startsWith('{"kind":"keys"') &&
      oneIn(chance, 4)
    ) {
      answer({ epoch: this.epoch, sequence: sequence(this.last + 1) });
      return;
    }
    const seen = this.#seen(id);
    const record = seen === undefined ? this.#storeNew(body, id) : undefined;
    const acknowledge = (): void => {
      if (this.#world.happens(chance, "ack lost", 15)) return;
      answer({ epoch: this.epoch, sequence: record?.sequence ?? sequence(seen ?? 0) });
    };
    const isAckFirst = oneIn(chance, 3); // the two go different ways through the server
    if (isAckFirst) acknowledge();
    if (record !== undefined) this.#deliver(record);
    if (!isAckFirst) acknowledge();
  }

  #seen(id: string | undefined): number | undefined {
    const seen = id === undefined ? undefined : this.#ids.get(id);
    return seen !== undefined && seen.untilMs > this.#world.nowMs ? seen.at : undefined;
  }

  #storeNew(body: string, id: string | undefined): LogRecord {
    const record = this.#keep(body, 0);
    if (id !== undefined) {
      const forMs = this.#world.faults.has("forgotten ids") ? TIMES.attemptMs : 120_000;
      if (this.#ids.has(id)) this.#world.count("forgotten ids");
      this.#ids.set(id, { at: record.sequence, untilMs: this.#world.nowMs + forMs });
    }
    return record;
  }

  #keep(body: string, agoMs: number): LogRecord {
    const storedAtMs = EPOCH_MS + this.#world.nowMs + agoMs;
    const record = {
      epoch: this.epoch,
      sequence: sequence(this.last + 1),
      storedAt: `${storedAtMs}/${++this.#stored}`,
      storedAtMs,
      body,
    };
    this.#records.push(record);
    this.#world.say("log", () => `${record.epoch}.${record.sequence} ${wordsOfMessage(body)}`);
    this.#onStored(record);
    return record;
  }

  #deliver(record: LogRecord): void {
    for (const link of this.links) {
      if (!link.isAttached || link.isIsolated || link.listeners.size === 0) continue;
      if (this.#world.happens(link.chance, "drop", 25)) continue;
      const hear = (): void => link.hear(record);
      if (this.#world.happens(link.chance, "late record", 25)) link.toClientLater(delay(link.chance, 400), hear);
      else link.toClient(hear);
      if (this.#world.happens(link.chance, "duplicate", 25)) link.toClientLater(delay(link.chance, 400), hear);
      this.#noteSent(link, record.sequence);
    }
  }
}
