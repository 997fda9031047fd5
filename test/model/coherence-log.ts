import type { FeedRecord } from "../../src/protocol/follow.ts";
import type { Announcement } from "../../src/protocol/message.ts";
import type { Names } from "../../src/protocol/names.ts";
import { epoch, sequence } from "../../src/protocol/position.ts";
import type { BaseKey, Scenario, WriteOf } from "./coherence-scenario.ts";
import { type World, writerAt } from "./coherence-world.ts";
import type { Core } from "./core.ts";

export interface StoredRecord extends FeedRecord {
  /** Whose message, and which: `w2 keys.1`. */
  readonly code: string;
  /** Under which the log stores it once. */
  readonly id: string;
}

export type MessageKind = Announcement["kind"];
/** One of the messages of a write: its kind, and which part of it. */
export type MessageName = `${MessageKind}.${number}`;

export const SPEC = "spec";
export const EPOCH = epoch("E");

/** The messages of this kind that a write needs. */
export function messagesOf(kind: MessageKind, { keys, inParts }: WriteOf): readonly MessageName[] {
  return inParts ? keys.map((_, i): MessageName => `${kind}.${i + 1}`) : [`${kind}.1`];
}

/** Stores a message of a write, unless the log knows its id. */
export function append(core: Core, scenario: Scenario, world: World, at: number, name: MessageName): void {
  const writer = writerAt(world, at);
  const record = recordOf(core, writeAt(scenario, at), at, name, world.log.length + 1);
  if (!world.log.some(({ id }) => id === record.id)) world.log = [...world.log, record];
  if (!writer.stored.includes(name)) writer.stored = [...writer.stored, name];
  const isAnnounced = messagesOf("keys", writeAt(scenario, at)).every((keys) => writer.stored.includes(keys));
  if (writer.written && writer.doneAt === 0 && isAnnounced) writer.doneAt = world.log.length;
}

/** Stores a message whose id the log has forgotten. */
export function appendAgain(core: Core, scenario: Scenario, world: World, at: number, name: MessageName): void {
  world.log = [...world.log, recordOf(core, writeAt(scenario, at), at, name, world.log.length + 1)];
}

export function writeAt({ writes }: Scenario, at: number): WriteOf {
  const write = writes[at];
  if (write === undefined) throw new Error(`no write ${at}`);
  return write;
}

const ticks = new Map<number, StoredRecord>();
const announcements = new WeakMap<Core, Map<WriteOf, Map<string, StoredRecord>>>();

export function tickRecord(n: number): StoredRecord {
  const body = JSON.stringify({ kind: "tick", v: 1, tick: `t${n}` });
  return known(ticks, n, () => ({ ...placeOf(n), code: "tick", id: `t${n}`, body }));
}

function recordOf(core: Core, of: WriteOf, at: number, name: MessageName, n: number): StoredRecord {
  const byWrite = known(announcements, core, () => new Map<WriteOf, Map<string, StoredRecord>>());
  const byCode = known(byWrite, of, () => new Map<string, StoredRecord>());
  const code = `w${at + 1} ${name}`;
  return known(byCode, `${n} ${code}`, () => {
    const said = announcementOf(core, of, at, name);
    return { ...placeOf(n), code, id: core.announce.messageId(said), body: core.message.encodeMessage(said) };
  });
}

/** Each record is made once: bodies are long, and the same in many states. */
function known<K, V extends object>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function announcementOf(core: Core, of: WriteOf, at: number, name: MessageName): Announcement {
  const [kind, nth] = name.split(".");
  if (kind !== "fence" && kind !== "keys" && kind !== "touch") throw new Error(`no kind ${kind}`);
  const key = of.inParts && of.keys[Number(nth) - 1];
  const [whole] = core.announce.partsOf({ ...namesOf(of, key ? [key] : of.keys), about: ["t"] });
  if (whole === undefined) throw new Error("no part");
  const part = key ? { ...whole, part: Number(nth), parts: of.keys.length } : whole;
  const spec = of.by === "other-spec" ? "another" : SPEC;
  const said = { id: `w${at + 1}`, spec, conditional: of.conditional === true };
  return core.announce.announce(kind, part, said);
}

const placeOf = (n: number) => ({ epoch: EPOCH, sequence: sequence(n), storedAt: `t${n}` });

function namesOf({ by = "key" }: WriteOf, keys: readonly BaseKey[]): Names {
  return {
    keys: by === "key" ? keys : [],
    partitions: by === "partition" ? keys.map((key) => `t/${key}`) : [],
    tables: by === "table" ? ["t"] : [],
  };
}
