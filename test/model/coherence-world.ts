import type { Copy } from "../../src/protocol/copy.ts";
import type { FeedRecord } from "../../src/protocol/follow.ts";
import type { Effects, FrontendState } from "../../src/protocol/frontend.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import type { Load } from "../../src/protocol/load.ts";
import type { Announcement } from "../../src/protocol/message.ts";
import type { Names, Subject } from "../../src/protocol/names.ts";
import { epoch, type Sequence, sequence } from "../../src/protocol/position.ts";
import type { WriteState } from "../../src/protocol/write.ts";
import type { Core } from "./core.ts";

/**
 * The world of the coherence model: a log, two replicas, writers that are `stepWrite`, and one frontend that is `src/protocol`.
 *
 * Time stands still. That a window ends is a step of its own, possible once the write it stands for can no longer land.
 */
export interface World {
  front: FrontendState;
  readonly entries: Map<string, Entry>;
  readonly loads: LoadUnderWay[];
  readonly log: StoredRecord[];
  /** How many records of the log were heard live, or lost on the way. */
  heard: number;
  /** The read of the log that the frontend waits for. */
  pending: { readonly readId: number; readonly from: Sequence } | undefined;
  readonly writers: Writer[];
  /** The newest write of each key on the replica that answers writes, and on the one that may lag. */
  readonly leading: Record<string, number>;
  readonly lagging: Record<string, number>;
  /** Faults that happen once. */
  readonly spent: string[];
  /** Writes whose fences a flush may have skipped, for which the quarantine stands. */
  quarantined: number[];
  broken: string | undefined;
}

export interface StoredRecord extends FeedRecord {
  /** Whose message, and of which kind: `2 keys`. */
  readonly code: string;
}

export interface Entry {
  readonly copy: Copy;
  readonly version: number;
}

export interface LoadUnderWay {
  readonly name: string;
  readonly load: Load;
  readonly keep: boolean;
  /** Set once it was read. */
  version: number | undefined;
  /** For a view: the load that it waits for, which it began or joined, and then what it got. */
  waits: LoadUnderWay | undefined;
  joined: boolean;
  got: Entry | undefined;
  /** The sequence that was applied when its reader asked, and when the last could have joined. */
  readonly asked: number;
  need: number;
}

export interface Writer {
  state: WriteState | undefined;
  crashed: boolean;
  /** The keys whose mutation is on its way, and those whose mutation the other replica has yet to receive. */
  wire: string[];
  landed: string[];
  behind: string[];
  /** The database said that it is written. */
  written: boolean;
  /** The sequence of the keys message, once it is written and announced; else 0. */
  doneAt: number;
  owed: ("keys" | "touch")[];
  stored: string[];
}

export type Fault =
  | "crash"
  | "timeout"
  | "lost-write"
  | "lag"
  | "lost-record"
  | "lost-log"
  | "stored-again"
  | "ack-lost"
  | "refused"
  | "evicted"
  | "refresh"
  | "bypass"
  | "tick"
  | "restart";

export interface Scenario {
  readonly name: string;
  readonly weak?: boolean;
  /** The keys that each write changes, or how it says so. */
  readonly writes: readonly WriteOf[];
  /** What readers ask for. */
  readonly reads: readonly SubjectName[];
  readonly maxLoads: number;
  readonly faults: readonly Fault[];
  /** Windows may end at any moment: no assumption about time. Then only acknowledged writes count. */
  readonly endsAnyTime?: boolean;
}

export interface WriteOf {
  readonly keys: readonly BaseKey[];
  /** How it names them; default by key. */
  readonly by?: "key" | "partition" | "table" | "other-spec";
}

export type BaseKey = "k1" | "k2";
export type SubjectName = BaseKey | "view" | "outer";

export const NOW: Instant = Object.freeze({ monotonicMs: 0, wallMs: 0 });
export const SPEC = "spec";
export const EPOCH = epoch("E");

const base = (key: BaseKey): Subject => ({ key, partitions: [`t/${key}`], tables: ["t"] });
const view = (key: string): Subject => ({ key, partitions: [], tables: [] });

export const SUBJECTS: Readonly<Record<SubjectName, Subject>> = deepFreeze({
  k1: base("k1"),
  k2: base("k2"),
  view: view("view"),
  outer: view("outer"),
});

/** What a view reads. */
export const READS: Readonly<Partial<Record<string, SubjectName>>> = { view: "k1", outer: "view" };

/** The key whose rows a subject shows in the end. */
export function baseOf(name: string): string {
  const read = READS[name];
  return read === undefined ? name : baseOf(read);
}

/** A writer's timestamp: later writers have later ones. That clocks are skewed is the same model with the writers' names exchanged. */
export const timestampOf = (writer: number): number => writer + 1;

export const has = ({ faults }: Scenario, fault: Fault): boolean => faults.includes(fault);

export function createFront(core: Core, { weak = false }: Scenario): FrontendState {
  const settings = core.settings.protocolSettings({ partitionSlots: 4 });
  return core.frontend.createFrontend({ settings, spec: SPEC, tables: ["t"], weak });
}

export function createWorld(core: Core, scenario: Scenario): World {
  const world: World = {
    front: createFront(core, scenario),
    entries: new Map(),
    loads: [],
    log: [tickRecord(1), tickRecord(2)],
    heard: 2,
    pending: undefined,
    writers: scenario.writes.map(() => ({
      state: undefined,
      crashed: false,
      wire: [],
      landed: [],
      behind: [],
      written: false,
      doneAt: 0,
      owed: [],
      stored: [],
    })),
    leading: { k1: 0, k2: 0 },
    lagging: { k1: 0, k2: 0 },
    spent: [],
    quarantined: [],
    broken: undefined,
  };
  const effects = effectsOf(core, world);
  core.follow.onConnected(world.front, NOW, effects);
  const extent = { epoch: EPOCH, first: sequence(1), last: sequence(2) };
  core.follow.onSlice(world.front, world.front.feed.read, { ...extent, records: world.log.slice(1) }, NOW, effects);
  world.pending = undefined;
  keepProven(world);
  return world;
}

/** Does what the frontend asks of its surroundings, as the engine does. */
export function effectsOf(core: Core, world: World): Effects {
  return {
    evict: (key) => dropEntry(core, world, key),
    read: (readId, from) => {
      // The first record of the log is too old for a cold start to ask for: it shows that the log reaches back.
      world.pending = { readId, from: "sequence" in from ? from.sequence : sequence(2) };
    },
    changed: ({ what }) => {
      if (what !== "flush") return;
      const begun = world.writers.flatMap((writer, i) => (writer.state === undefined ? [] : [i]));
      world.quarantined = [...new Set([...world.quarantined, ...begun])].sort();
    },
  };
}

/** An entry that goes lets go of its copy, whatever the reason. */
export function dropEntry(core: Core, world: World, key: string): void {
  const entry = world.entries.get(key);
  if (entry === undefined) return;
  world.entries.delete(key);
  core.coherence.releaseCopy(world.front.coherence, entry.copy);
}

/** A proof may come at any moment; without one, loads would be strong, which hides more than it shows. */
export function keepProven({ front }: World): void {
  front.proof.provenAt = NOW;
}

/** Stores a message of a writer; one that is stored already is stored once. */
export function append(core: Core, { writes }: Scenario, world: World, at: number, kind: Announcement["kind"]): void {
  const writer = writerAt(world, at);
  if (!writer.stored.includes(kind)) {
    const of = writes[at];
    if (of === undefined) throw new Error(`no write ${at}`);
    world.log.push(announcementRecord(core, of, at, kind, world.log.length + 1));
    writer.stored.push(kind);
  }
  if (kind === "keys" && writer.written && writer.doneAt === 0) writer.doneAt = world.log.length;
}

export function writerAt({ writers }: World, at: number): Writer {
  const writer = writers[at];
  if (writer === undefined) throw new Error(`no writer ${at}`);
  return writer;
}

const records = new Map<string, StoredRecord>();

export function tickRecord(n: number): StoredRecord {
  const known = records.get(`${n}`);
  if (known !== undefined) return known;
  const body = JSON.stringify({ kind: "tick", v: 1, tick: `t${n}` });
  const record = deepFreeze({ ...placeOf(n), code: "tick", body });
  records.set(`${n}`, record);
  return record;
}

function announcementRecord(core: Core, of: WriteOf, at: number, kind: Announcement["kind"], n: number): StoredRecord {
  const id = `${n} ${at} ${kind} ${of.by} ${of.keys}`;
  const known = records.get(id);
  if (known !== undefined) return known;
  const [part] = core.announce.partsOf({ ...namesOf(of), about: ["t"] });
  if (part === undefined) throw new Error("no part");
  const spec = of.by === "other-spec" ? "another" : SPEC;
  const message = core.announce.announce(kind, part, { id: `w${at + 1}`, spec, conditional: false });
  const code = `w${at + 1} ${kind}`;
  const record = deepFreeze({ ...placeOf(n), code, body: core.message.encodeMessage(message) });
  records.set(id, record);
  return record;
}

const placeOf = (n: number) => ({ epoch: EPOCH, sequence: sequence(n), storedAt: `t${n}` });

function namesOf({ keys, by = "key" }: WriteOf): Names {
  return {
    keys: by === "key" ? [...keys] : [],
    partitions: by === "partition" ? keys.map((key) => `t/${key}`) : [],
    tables: by === "table" ? ["t"] : [],
  };
}

export function deepFreeze<T extends object>(value: T): T {
  for (const item of Object.values(value)) if (typeof item === "object" && item !== null) deepFreeze(item);
  return Object.freeze(value);
}
