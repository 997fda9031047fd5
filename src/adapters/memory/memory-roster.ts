import { hostname } from "node:os";
import type { Subscription } from "../../ports/invalidation-log.ts";
import type { Roster } from "../../ports/roster.ts";
import { encodeIntroduction, type Introduced, MAX_INTRODUCTION_BYTES } from "../../protocol/introduction.ts";
import { Answers, type RollCall } from "../../protocol/roll-call.ts";

/** What every participant that can be reached says of itself. Throws `LogUnavailableError` where this one is cut off. */
type HearAll = () => readonly string[];

/** One participant's own way to the roster of a memory log. */
export class MemoryRoster implements Roster {
  readonly #hearAll: HearAll;
  readonly #joined = new Set<{ readonly text: string }>();

  constructor(hearAll: HearAll) {
    this.#hearAll = hearAll;
  }

  /** What this participant says of itself. */
  get introductions(): readonly string[] {
    return [...this.#joined].map(({ text }) => text);
  }

  join(as: Introduced): Subscription {
    const text = encodeIntroduction(as, { host: hostname(), pid: process.pid, maxBytes: MAX_INTRODUCTION_BYTES });
    const joined = { text };
    this.#joined.add(joined);
    return { close: () => void this.#joined.delete(joined) };
  }

  async call(): Promise<RollCall> {
    const answers = new Answers();
    this.#hearAll().every((text) => answers.take(text));
    return answers.rollCall;
  }
}
