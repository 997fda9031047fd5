import type { FeedRecord } from "../../../src/protocol/follow.ts";
import type { Effects, FrontendState } from "../../../src/protocol/frontend.ts";
import type { Instant } from "../../../src/protocol/instant.ts";
import type { Names, Subject } from "../../../src/protocol/names.ts";
import { epoch, sequence } from "../../../src/protocol/position.ts";
import type { ProtocolSettings } from "../../../src/protocol/settings.ts";
import type { Core } from "../core.ts";

/**
 * One schedule, played to the end: for rules of time and of room, where the models stand still. Says which invariant broke, and how.
 */
export type Schedule = (core: Core) => string | undefined;

export const F = 30_000;
export const S = 10_000;
export const B = 10_000;
export const E = epoch("E");
export const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms });
export const NO_NAMES: Names = { keys: [], partitions: [], tables: [] };
export const row = (n: number): Subject => ({ key: `r${n}`, partitions: [`t/${n}`], tables: ["t"] });

export interface Stage {
  readonly state: FrontendState;
  readonly effects: Effects;
  readonly evicted: string[];
  hear(n: number, body: string, now?: Instant, life?: string): void;
  fence(n: number, write: string, names: Partial<Names>, now?: Instant, conditional?: true): void;
  slice(last: number, records: readonly FeedRecord[], first?: number): void;
}

export const recordOf = (n: number, body: string, life = ""): FeedRecord => ({
  epoch: E,
  sequence: sequence(n),
  storedAt: `t${n}${life}`,
  body,
});

/** A frontend that has applied records 1 and 2. */
export function stage(core: Core, weak = false, settings: Partial<ProtocolSettings> = {}): Stage {
  const state = core.frontend.createFrontend({
    settings: core.settings.protocolSettings({ fenceMs: F, settleMs: S, boundMs: B, ...settings }),
    spec: "spec",
    tables: ["t"],
    weak,
  });
  const evicted: string[] = [];
  const effects: Effects = { evict: (key) => evicted.push(key), read: () => {}, changed: () => {} };
  const slice: Stage["slice"] = (last, records, first = 1) => {
    const extent = { epoch: E, first: sequence(first), last: sequence(last) };
    core.follow.onSlice(state, state.feed.read, { ...extent, records }, at(0), effects);
  };
  core.follow.onConnected(state, at(0), effects);
  slice(2, [recordOf(2, tickBody("t2"))]);
  return {
    state,
    effects,
    evicted,
    slice,
    hear: (n, body, now = at(0), life = "") => core.follow.onRecord(state, recordOf(n, body, life), now, effects),
    fence: (n, write, names, now = at(0), conditional = undefined) =>
      core.follow.onRecord(state, recordOf(n, messageBody(core, "fence", write, names, conditional)), now, effects),
  };
}

export const tickBody = (name: string): string => JSON.stringify({ kind: "tick", v: 1, tick: name });

export function messageBody(
  core: Core,
  kind: "fence" | "keys",
  write: string,
  names: Partial<Names>,
  conditional?: true,
): string {
  const [part] = core.announce.partsOf({ ...NO_NAMES, ...names, about: ["t"] });
  if (part === undefined) throw new Error("no part");
  const of = { id: write, spec: "spec", conditional: conditional === true };
  return core.message.encodeMessage(core.announce.announce(kind, part, of));
}
