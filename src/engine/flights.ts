import type { Copy } from "../protocol/copy.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import type { Instant } from "../protocol/instant.ts";
import { flightToJoin, type Load, mayJoinBypass } from "../protocol/load.ts";
import type { Held } from "./entries.ts";

/** What a load brought. */
export interface Landed {
  readonly held: Held;
  readonly stored: boolean;
  /** Why it was not stored. */
  readonly detail: string | undefined;
  /** True if it was touched while it loaded: not for those who joined it. */
  readonly touched: boolean;
  /** Everything that the log acknowledged before this moment is in the value. */
  readonly asOf: Instant;
}

/** The loads under way, so that a thousand readers of one cold key make one read. Bounded by the gate behind them. */
export interface Flights {
  /** The load that a request arriving now may join: nothing touched its key since it began. */
  join(keyText: string): Promise<Landed> | undefined;
  /** Without proof: a load of the same kind that began no longer ago than the bound, with nothing touched since. */
  joinBypass(keyText: string, now: Instant): Promise<Landed> | undefined;
  /** With `keep` false it is a bypass. */
  add(load: Load, keep: boolean, landing: Promise<Landed>): void;
  readonly count: number;
}

export function createFlights(state: FrontendState): Flights {
  const byCopy = new Map<Copy, Promise<Landed>>();
  const bypasses = new Map<string, { readonly load: Load; readonly landing: Promise<Landed> }>();
  const forget = (load: Load): void => {
    byCopy.delete(load.copy);
    const key = load.copy.subject.key;
    if (bypasses.get(key)?.load === load) bypasses.delete(key);
  };
  return {
    join: (keyText) => {
      const copy = flightToJoin(state, keyText);
      return copy && byCopy.get(copy);
    },
    joinBypass: (keyText, now) => {
      const flight = bypasses.get(keyText);
      return flight !== undefined && mayJoinBypass(state, flight.load, now) ? flight.landing : undefined;
    },
    add: (load, keep, landing) => {
      if (keep) byCopy.set(load.copy, landing);
      else bypasses.set(load.copy.subject.key, { load, landing });
      landing.then(
        () => forget(load),
        () => forget(load),
      );
    },
    get count() {
      return byCopy.size + bypasses.size;
    },
  };
}
