import type { Coherence } from "../../src/protocol/coherence.ts";
import type { Copy, TableMark } from "../../src/protocol/copy.ts";
import type { FrontendState } from "../../src/protocol/frontend.ts";

/** Gives the copy of a `Copy`, the same one whenever it is asked for: flights, entries and dependents share them. */
export type CopyOf = (of: Copy) => Copy;

/** The state of a frontend is copied property by property, which is many times as fast as any way that does not know its shape. */
export function copyCoherence(of: Coherence): { readonly coherence: Coherence; readonly copyOf: CopyOf } {
  const tables = new Map<string, TableMark>();
  for (const [table, mark] of of.tables) tables.set(table, { table: mark.table, touchedAt: mark.touchedAt });
  const copyOf = copier(tables);
  const flights = new Map<string, Copy>();
  for (const [key, flight] of of.flights) flights.set(key, copyOf(flight));
  const dependents = new Map<string, Set<Copy>>();
  for (const [name, copies] of of.dependents) dependents.set(name, new Set(Array.from(copies, copyOf)));
  return {
    copyOf,
    coherence: {
      tick: of.tick,
      allTouchedAt: of.allTouchedAt,
      tables,
      partitionSlots: of.partitionSlots.slice(),
      flights,
      dependents,
      dependencies: of.dependencies,
    },
  };
}

function copier(tables: ReadonlyMap<string, TableMark>): CopyOf {
  const copies = new Map<Copy, Copy>();
  return (of) => {
    const known = copies.get(of);
    if (known !== undefined) return known;
    const copy: Copy = {
      subject: of.subject,
      asOf: of.asOf,
      slots: of.slots,
      marks: of.marks.map((mark) => tables.get(mark.table) ?? mark),
      detached: of.detached,
      dependsOn: of.dependsOn && new Set(of.dependsOn),
    };
    copies.set(of, copy);
    return copy;
  };
}

/** What a frontend knows of the log, and its windows: all but its copies. */
export function copyFollowing({
  feed,
  windows,
  orphans,
  proof,
}: FrontendState): Omit<FrontendState, "coherence" | "settings" | "spec" | "weak"> {
  const { fence, settle, quarantine } = windows.open;
  const probes: typeof proof.probes = new Map();
  for (const [id, { sentAt, answer }] of proof.probes) probes.set(id, { sentAt, answer });
  return {
    feed: { ...feed, recent: copyMap(feed.recent) },
    windows: {
      ...windows,
      open: { fence: copyMap(fence), settle: copyMap(settle), quarantine: copyMap(quarantine) },
      named: copyMap(windows.named),
    },
    orphans: copyMap(orphans),
    proof: { ...proof, probes, ticks: copyMap(proof.ticks) },
  };
}

/** Most are empty, and to make an iterator costs more than all else. */
function copyMap<K, V>(of: ReadonlyMap<K, V>): Map<K, V> {
  return of.size === 0 ? new Map() : new Map(of);
}
