import type { Coherence } from "../../src/protocol/coherence.ts";
import type { FrontendState } from "../../src/protocol/frontend.ts";
import type { Proof } from "../../src/protocol/proof.ts";
import type { SubjectName } from "./coherence-scenario.ts";
import { type Entry, type LoadUnderWay, NOW, type World } from "./coherence-world.ts";
import { type CopyOf, copyCoherence, copyFollowing } from "./frontend-copy.ts";

/** What a step changes: of the frontend, what it follows changes with what it holds. */
export type Side = "outside" | "memory" | "frontend";

/** A world in which one side may be changed; the rest it shares with the world it was made from. */
export function copyWorld(world: World, side: Side): World {
  const { outside, following, memory } = world.prints;
  if (side === "outside") {
    const writers = world.writers.map((writer) => ({ ...writer }));
    return { ...world, writers, prints: { outside: undefined, following, memory } };
  }
  const { coherence, copyOf } = copyCoherence(world.front.coherence);
  const entries = copyEntries(world.entries, copyOf);
  const loads = copyLoads(world.loads, copyOf);
  const suspect = world.suspect && { ...world.suspect, copy: copyOf(world.suspect.copy) };
  if (side === "memory") {
    const front = { ...world.front, coherence };
    return { ...world, front, entries, loads, suspect, prints: { outside, following, memory: undefined } };
  }
  const front = { ...world.front, coherence, ...copyFollowing(world.front) };
  return { ...world, front, entries, loads, suspect, prints: { outside, following: undefined, memory: undefined } };
}

/**
 * Lets go of what a kept state does not need: the search holds millions of them, and most of their maps are empty. One empty map stands for
 * all of these; a copy gets maps of its own. Nothing is asked of the proof but that it is there.
 */
export function slim(world: World, side: Side): void {
  if (side === "outside") return;
  const { front } = world;
  const coherence = slimCoherence(front.coherence);
  world.front = side === "memory" ? { ...front, coherence } : { ...front, coherence, ...slimFollowing(front) };
}

function slimCoherence(of: Coherence): Coherence {
  return { ...of, flights: orEmpty(of.flights), dependents: orEmpty(of.dependents) };
}

function slimFollowing({ windows, orphans }: FrontendState): Pick<FrontendState, "windows" | "orphans" | "proof"> {
  const { fence, settle, quarantine } = windows.open;
  const open = { fence: orEmpty(fence), settle: orEmpty(settle), quarantine: orEmpty(quarantine) };
  return { windows: { ...windows, open, named: orEmpty(windows.named) }, orphans: orEmpty(orphans), proof: PROVEN };
}

const EMPTY = new Map<never, never>();
const PROVEN: Proof = { provenAt: NOW, probes: EMPTY, ticks: EMPTY, nextProbe: 1 };

const orEmpty = <K, V>(of: Map<K, V>): Map<K, V> => (of.size === 0 ? EMPTY : of);

function copyEntries(entries: ReadonlyMap<SubjectName, Entry>, copyOf: CopyOf): Map<SubjectName, Entry> {
  const copies = new Map<SubjectName, Entry>();
  for (const [name, entry] of entries) copies.set(name, copyEntry(entry, copyOf));
  return copies;
}

const copyEntry = ({ copy, version }: Entry, copyOf: CopyOf): Entry => ({ copy: copyOf(copy), version });

function copyLoads(loads: readonly LoadUnderWay[], copyOf: CopyOf): LoadUnderWay[] {
  const copies = loads.map(
    (of): LoadUnderWay => ({
      ...of,
      load: { ...of.load, copy: copyOf(of.load.copy) },
      got: of.got && copyEntry(of.got, copyOf),
    }),
  );
  for (const copy of copies) if (copy.waits !== undefined) copy.waits = copies[loads.indexOf(copy.waits)];
  return copies;
}
