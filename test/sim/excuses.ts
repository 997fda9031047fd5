import type { Position } from "../../src/protocol/position.ts";
import type { Write } from "./history.ts";

/**
 * What SPEC.md's assumptions and known limits excuse, and no more:
 *
 * - A log that lost what it had acknowledged (against A1). Until a frontend has flushed it need not know of the writes whose fences or keys
 *   were lost; nor, if it had heard what was lost, of those that took their sequences. Every such rewind is a `Rewind` here.
 * - A write that lands or is decided after its fence has ended (A3, hints excepted) surfaces without a touch. Who saw its fence end caps the
 *   life of what it may change; who has lost the fence, and flushed for it, does not know of it, and only the TTL bounds it.
 * - A write without a fence (`onLogDown: "write"`) whose outcome was unknown: the same, for everyone.
 */
export class Excuses {
  readonly #rewinds: Rewind[] = [];
  readonly #flushes: Flush[] = [];

  /** This frontend has dropped everything; `isRebased` if it knows that the log is another than it was. */
  flushed(reader: string, atMs: number, isRebased: boolean): void {
    this.#flushes.push({ reader, atMs, isRebased, isStart: false });
  }

  /** It holds nothing yet, and reads in the log what it must know of. */
  started(reader: string, atMs: number): void {
    this.#flushes.push({ reader, atMs, isRebased: true, isStart: true });
  }

  rewound(rewind: Rewind): void {
    this.#rewinds.push(rewind);
  }

  /** True if at this moment this reader need not know of this write. */
  isExcused({ done }: Write, reader: string, nowMs: number): boolean {
    if (done === undefined || this.#rewinds.length === 0) return false;
    return this.#rewinds.some(({ epoch, atMs, keep, lastLost, heard }) => {
      if (epoch !== done.epoch || atMs > nowMs) return false;
      const isLost = done.storedAtMs <= atMs && done.sequence > keep;
      const isMistaken = done.storedAtMs > atMs && done.sequence <= lastLost && heard.has(reader);
      const since = this.#flushes.filter((of) => of.reader === reader && of.atMs > atMs && of.atMs < nowMs);
      return (isLost && since.length === 0) || (isMistaken && !since.some(({ isRebased }) => isRebased));
    });
  }

  /** True if at rest this reader's memory may differ in rows that this write wrote. */
  isUnknownTo(write: Write, reader: string): boolean {
    const isUnfenced = write.isUnfenced && !write.hasDatabaseAcked;
    if (isUnfenced || this.missedRewind(reader, write.begunAtMs, Number.POSITIVE_INFINITY)) return true;
    return (
      write.isStray && this.#flushes.some((of) => of.reader === reader && !of.isStart && of.atMs >= write.begunAtMs)
    );
  }

  /** True if this frontend has not dropped everything since a loss that was within these moments. */
  missedRewind(reader: string, fromMs: number, untilMs: number): boolean {
    const since = (atMs: number): boolean => this.#flushes.some((of) => of.reader === reader && of.atMs >= atMs);
    return this.#rewinds.some(({ atMs }) => atMs >= fromMs && atMs < untilMs && !since(atMs));
  }

  rewoundSince(atMs: number): boolean {
    return this.#rewinds.some((rewind) => rewind.atMs >= atMs);
  }

  get hasRewinds(): boolean {
    return this.#rewinds.length > 0;
  }
}

interface Flush {
  readonly reader: string;
  readonly atMs: number;
  readonly isRebased: boolean;
  readonly isStart: boolean;
}

/** The log lost what came after `keep`, up to `lastLost`. */
export interface Rewind {
  readonly atMs: number;
  readonly epoch: Position["epoch"];
  readonly keep: number;
  readonly lastLost: number;
  /** Frontends that had heard, or were about to hear, what was lost. */
  readonly heard: ReadonlySet<string>;
}
