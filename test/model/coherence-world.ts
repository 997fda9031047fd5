import type { Copy } from "../../src/protocol/copy.ts";
import type { FrontendState } from "../../src/protocol/frontend.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import type { Load } from "../../src/protocol/load.ts";
import type { Subject } from "../../src/protocol/names.ts";
import type { Sequence } from "../../src/protocol/position.ts";
import type { WriteState } from "../../src/protocol/write.ts";
import type { MessageName, StoredRecord } from "./coherence-log.ts";
import type { BaseKey, SubjectName } from "./coherence-scenario.ts";
import type { Lanes } from "./print.ts";

/**
 * The world of the coherence model: a log, two replicas, writers that are `stepWrite`, and one frontend that is `src/protocol`.
 *
 * Time stands still. That a window ends is a step of its own, possible once the write it stands for can no longer land.
 *
 * It has three parts, and a step is of one of them. States share the parts that did not change: so what is readonly here is replaced,
 * never changed, and what is not belongs to one part alone.
 */
export interface World extends Outside, Following, Memory {
  front: FrontendState;
  /** Faults that happen once. */
  spent: readonly string[];
  broken: string | undefined;
  /** The print of each part, once it was taken. */
  readonly prints: Record<Part, Lanes | undefined>;
}

/** The writers, the log and the database; what the frontend has heard of the log, with its windows; and what it holds and loads. */
export type Part = "outside" | "following" | "memory";

interface Outside {
  log: readonly StoredRecord[];
  readonly writers: readonly Writer[];
  /** The newest write of each key on the replica that answers writes, and on the one that may lag. */
  leading: Versions;
  lagging: Versions;
}

interface Following {
  /** How many records of the log were heard live, or lost on the way. */
  heard: number;
  /** A record that was overtaken, or comes a second time. */
  late: Sequence | undefined;
  /** The read of the log that the frontend waits for. */
  pending: { readonly readId: number; readonly from: Sequence } | undefined;
  /** Writes whose fences a flush may have skipped, for which the quarantine stands. */
  quarantined: readonly number[];
}

interface Memory {
  readonly entries: Map<SubjectName, Entry>;
  readonly loads: LoadUnderWay[];
  /** What the audit found to differ from the database, and how much the log held then. */
  suspect: { readonly copy: Copy; readonly foundAt: number } | undefined;
}

export type Versions = Readonly<Record<BaseKey, number>>;

/** A version is the timestamp of the write that the value shows; 0 for what was there before. */
export interface Entry {
  readonly copy: Copy;
  readonly version: number;
}

export interface LoadUnderWay {
  readonly name: SubjectName;
  readonly load: Load;
  readonly keep: boolean;
  /** Set once it was read. */
  version: number | undefined;
  /** For a view: the load that it waits for, which it began or joined, and then what it got. */
  waits: LoadUnderWay | undefined;
  joined: boolean;
  got: Entry | undefined;
  /** The least version that its first reader may get, and that the last who could have joined may. */
  readonly asked: number;
  need: number;
}

export interface Writer {
  state: WriteState | undefined;
  crashed: boolean;
  /** Its fence is stored, and by the time it goes on that has ended everywhere. */
  standsStill: boolean;
  /** The keys whose mutation is on its way, has landed, and has yet to reach the other replica. */
  wire: readonly BaseKey[];
  landed: readonly BaseKey[];
  behind: readonly BaseKey[];
  /** Of a conditional write: left between proposal and decision. */
  undecided: readonly BaseKey[];
  /** The database said that it is written. */
  written: boolean;
  /** The sequence of its last keys message, once it is written and announced; else 0. */
  doneAt: number;
  stored: readonly MessageName[];
  owed: readonly MessageName[];
}

export const NOW: Instant = Object.freeze({ monotonicMs: 0, wallMs: 0 });

const base = (key: BaseKey): Subject => ({ key, partitions: [`t/${key}`], tables: ["t"] });
const view = (key: string): Subject => ({ key, partitions: [], tables: [] });

export const SUBJECTS: Readonly<Record<SubjectName, Subject>> = {
  k1: base("k1"),
  k2: base("k2"),
  view: view("view"),
  outer: view("outer"),
};

/** What a view reads. */
export function readBy(name: SubjectName): SubjectName | undefined {
  if (name === "view") return "k1";
  return name === "outer" ? "view" : undefined;
}

/** The key whose row a subject shows in the end. */
export const baseOf = (name: SubjectName): BaseKey => (name === "k2" ? "k2" : "k1");

export function writerAt({ writers }: World, at: number): Writer {
  const writer = writers[at];
  if (writer === undefined) throw new Error(`no writer ${at}`);
  return writer;
}
