import type { NearCache } from "../../src/engine/near-cache.ts";
import type { Writer } from "../../src/engine/writer.ts";
import type { LogRecord } from "../../src/ports/invalidation-log.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import type { Position } from "../../src/protocol/position.ts";
import type { Write } from "./history.ts";
import type { Link } from "./link.ts";
import { wayBack } from "./positions.ts";
import type { SimProcess } from "./sim-process.ts";

const FENCE = /^{"kind":"fence".*?"write":"([^"]+)"/;

/** One life of a process, from its start to its death: its engine, its connection, and what is known of it. */
export class Life {
  readonly name: string;
  readonly process: SimProcess;
  readonly link: Link;
  readonly startedAtMs: number;
  cache: NearCache | undefined;
  writer: Writer | undefined;
  /** When it last dropped everything. */
  flushedAtMs: number | undefined;
  /** When it last saw that the log had lost messages. */
  sawRollbackAtMs: number | undefined;
  /** It has caught up with the log since it started. */
  hasFilled = false;
  /** The writes that it has begun, in that order. */
  readonly begun: Write[] = [];
  /** Requests that are neither answered nor refused. */
  readonly waiting = new Set<object>();
  readonly #fences = new Map<string, Instant>();
  readonly #answered = new WeakSet<object>();
  #position: Position | undefined;
  #ids = 0;
  #firstId: string | undefined;

  constructor(of: Pick<Life, "process" | "link" | "startedAtMs">) {
    this.name = of.process.name;
    this.process = of.process;
    this.link = of.link;
    this.startedAtMs = of.startedAtMs;
  }

  /** A name for the engine, of this life only. */
  newId(): string {
    const id = `${this.name}-${this.startedAtMs}-${this.#ids++}`;
    this.#firstId ??= id;
    return id;
  }

  /** What this gives, and the first name that the engine asks for meanwhile: that of a write which begins. */
  naming<T>(run: () => T): { readonly result: T; readonly id: string | undefined } {
    this.#firstId = undefined;
    const result = run();
    return { result, id: this.#firstId };
  }

  /** The engine is told of this record now, live. */
  heard({ body }: LogRecord): void {
    const [, id] = FENCE.exec(body) ?? [];
    if (id !== undefined && !this.#fences.has(id)) this.#fences.set(id, this.process.now());
  }

  /** True if by now the window that this write's fence has opened here has surely ended. */
  hasEndedFence({ id }: Write, lastsMs: number, now: Instant): boolean {
    const heardAt = this.#fences.get(id);
    if (heardAt === undefined) return false;
    return now.monotonicMs - heardAt.monotonicMs >= lastsMs && now.wallMs - heardAt.wallMs >= lastsMs;
  }

  /** It has dropped everything; if it takes the log for another than it was, its position may be any. */
  flushed(atMs: number, isRebased: boolean): void {
    this.flushedAtMs = atMs;
    if (isRebased) this.#position = undefined;
  }

  /** What is wrong with the position where it stands now, given where it stood. */
  wayBack(position: Position | undefined): string | undefined {
    const back = wayBack(this.#position, position);
    this.#position = position;
    return back;
  }

  /** True if this very value was answered before: it was come by together. */
  hasAnswered(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    const isKnown = this.#answered.has(value);
    this.#answered.add(value);
    return isKnown;
  }
}
