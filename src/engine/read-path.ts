import type { Effects } from "../protocol/frontend.ts";
import { type Audit, createAudit } from "./audit.ts";
import type { ResolvedOptions } from "./cache-options.ts";
import type { Currency } from "./currency.ts";
import { createFlights, type Flights } from "./flights.ts";
import { createGate } from "./gate.ts";
import { createLoader } from "./loader.ts";
import type { Memory } from "./memory.ts";
import { createObtain, type Obtain } from "./obtain.ts";
import { createCutPage } from "./pages.ts";
import { createPeek, type Peek } from "./peek.ts";
import { createReadStore, createReadTable, createReadValue } from "./read-value.ts";
import { createReadView } from "./read-view.ts";
import { createReads, type Reads } from "./reads.ts";

/** From a request to its answer: memory, loads under way, the database. */
export interface ReadPath {
  readonly reads: Reads;
  readonly peek: Peek;
  readonly flights: Pick<Flights, "count">;
  readonly audit: Pick<Audit, "start" | "report" | "close">;
}

export function createReadPath(options: ResolvedOptions, memory: Memory, currency: Currency): ReadPath {
  const { clock, maxReads, maxWaitingReads, maxWaitMs, readDeadlineMs, store } = options;
  const { state, counters, entries } = memory;
  const { assumptions, positions, proveNow } = currency;
  const limits = { running: maxReads, waiting: maxWaitingReads, waitMs: readDeadlineMs };
  const gate = createGate("database reads", clock, limits);
  const readStore = createReadStore(store, gate, counters, readDeadlineMs);
  const readTable = createReadTable(readStore, options);
  const readView = createReadView(state, clock, (wanted, context) =>
    obtain.get({ ...wanted, arrivedAt: clock.now(), context, fresh: false }),
  );
  const readValue = createReadValue(readTable, readView, assumptions, state);
  const effects: Effects = { ...memory.effects, read: () => {} }; // windows that end ask for no reads
  const peek = createPeek(state, entries, counters, effects);
  const flights = createFlights(state);
  const audit = createAudit({
    ...options,
    everyMs: options.auditEveryMs,
    state,
    readTable,
    isBusy: () => gate.isBusy,
    evict: (key) => memory.touch({ keys: [key], partitions: [], tables: [] }),
  });
  memory.onLetGo(audit.letGo);
  const parts = { state, clock, options, entries, flights, counters };
  const loader = createLoader({ ...parts, readValue });
  const refusal = () => assumptions.refused;
  const obtain: Obtain = createObtain({ ...parts, loader, peek, audit, refusal });
  const cutPage = createCutPage(state, clock, readStore, assumptions);
  const reads = createReads({ state, clock, obtain, cutPage, positions, proveNow, maxWaitMs });
  return { reads, peek, flights, audit };
}
