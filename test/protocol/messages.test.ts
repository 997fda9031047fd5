import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { announce, messageId, partsOf, TooManyNamesError } from "../../src/protocol/announce.ts";
import {
  type Announcement,
  decodeMessage,
  encodeMessage,
  MAX_MESSAGE_BYTES,
  MAX_NAMES,
  MAX_PARTS,
  type Message,
  MessageError,
} from "../../src/protocol/message.ts";
import { eachName, isEmpty, tableTag } from "../../src/protocol/names.ts";
import { epoch, formatPosition, parsePosition, sequence } from "../../src/protocol/position.ts";
import { DEFAULT_SETTINGS, type ProtocolSettings, protocolSettings } from "../../src/protocol/settings.ts";
import { SpecError } from "../../src/spec/error.ts";
import { MAX_KEY_LENGTH } from "../../src/spec/key-text.ts";

const id = fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/);
const name = fc.string({ minLength: 1, maxLength: 40 });
const names = fc.array(name, { maxLength: 20 });
const announcement = {
  v: fc.constant(1 as const),
  spec: fc.string({ maxLength: 64 }),
  write: id,
  part: fc.integer({ min: 1, max: MAX_PARTS }),
  parts: fc.integer({ min: 1, max: MAX_PARTS }),
  keys: names,
  partitions: names,
  tables: names,
  about: fc.array(name, { minLength: 1, maxLength: 20 }),
};
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: fc.constant("fence" as const), ...announcement }),
  fc.record({ kind: fc.constant("fence" as const), ...announcement, conditional: fc.constant(true as const) }),
  fc.record({ kind: fc.constant("keys" as const), ...announcement }),
  fc.record({ kind: fc.constant("touch" as const), ...announcement }),
  fc.record({ kind: fc.constant("tick" as const), v: fc.constant(1 as const), tick: id }),
  fc.record({
    kind: fc.constant("tick" as const),
    v: fc.constant(1 as const),
    tick: id,
    flush: fc.constant(true as const),
  }),
);

describe("a message", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(message, (of) => {
        expect(decodeMessage(encodeMessage(of))).toEqual(of);
      }),
    );
  });

  it("that is not understood in every part is refused, never half understood", () => {
    fc.assert(
      fc.property(message, fc.string({ minLength: 1 }), fc.jsonValue(), (of, field, value) => {
        fc.pre(!Object.hasOwn(of, field) && field !== "conditional" && field !== "flush" && field !== "__proto__");
        expect(() => decodeMessage(JSON.stringify({ ...of, [field]: value }))).toThrow(MessageError);
      }),
    );
  });

  it.each(["v", "kind", "tick", "write", "part", "parts", "keys", "partitions", "tables", "about", "spec"])(
    "without %s is refused",
    (field) => {
      const [of] = fc.sample(
        message.filter((m) => Object.hasOwn(m, field)),
        1,
      );
      const rest = Object.fromEntries(Object.entries(of ?? {}).filter(([key]) => key !== field));
      expect(() => decodeMessage(JSON.stringify(rest))).toThrow(MessageError);
    },
  );

  it("whatever the bytes, reading gives a message or a MessageError, and nothing else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          decodeMessage(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MessageError);
        }
      }),
    );
  });

  it("says which tables it is about, so that a reader of another key spec knows what to touch", () => {
    const [of] = fc.sample(
      message.filter((m) => m.kind === "keys"),
      1,
    );
    expect(() => decodeMessage(JSON.stringify({ ...of, about: [] }))).toThrow(MessageError);
  });

  it("longer than the limit is refused unread", () => {
    expect(() => decodeMessage(" ".repeat(MAX_MESSAGE_BYTES + 1))).toThrow(MessageError);
  });
});

describe("the parts of a write", () => {
  const touches = fc.record({
    keys: fc.uniqueArray(name, { maxLength: 250 }),
    partitions: fc.uniqueArray(name, { maxLength: 250 }),
    tables: fc.uniqueArray(name, { maxLength: 50 }),
    about: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
  });

  it("hold every name once, at most 100 each, and all say what the write is about", () => {
    fc.assert(
      fc.property(touches, (of) => {
        const parts = partsOf(of);
        for (const kind of ["keys", "partitions", "tables"] as const) {
          expect(parts.flatMap((part) => part[kind])).toEqual(of[kind]);
        }
        for (const part of parts) {
          expect(part.keys.length + part.partitions.length + part.tables.length).toBeLessThanOrEqual(MAX_NAMES);
          expect(part).toMatchObject({ parts: parts.length, about: of.about });
        }
        expect(parts.map(({ part }) => part)).toEqual(parts.map((_, i) => i + 1));
      }),
    );
  });

  it("name in keys what they name in the fence, so that keys close the window they opened", () => {
    const write = { id: "w1", spec: "s", conditional: true };
    fc.assert(
      fc.property(touches, (of) => {
        for (const part of partsOf(of)) {
          const {
            kind: _fence,
            conditional: _always,
            ...fence
          } = { conditional: true, ...announce("fence", part, write) };
          const { kind: _keys, ...keys } = announce("keys", part, write);
          expect(keys).toEqual(fence);
        }
      }),
    );
  });

  it("have ids of their own, by kind and part: each is stored once", () => {
    const kinds = ["fence", "keys", "touch"] as const;
    const [first, second] = [{ part: 1 }, { part: 2 }].map((n) => ({
      ...n,
      parts: 2,
      keys: ["k"],
      partitions: [],
      tables: [],
      about: ["t"],
    }));
    const sent: Announcement[] = kinds.flatMap((kind) =>
      [first, second].flatMap((part) =>
        part ? [announce(kind, part, { id: "w", spec: "s", conditional: false })] : [],
      ),
    );
    expect(new Set(sent.map(messageId)).size).toBe(6);
  });

  it("there is one even of a write that touches nothing: readers of another key spec go by its tables", () => {
    expect(partsOf({ keys: [], partitions: [], tables: [], about: ["t"] })).toHaveLength(1);
  });

  it("more of them than one write may need is refused before anything is sent", () => {
    const keys = Array.from({ length: MAX_NAMES * MAX_PARTS + 1 }, (_, i) => `k${i}`);
    expect(() => partsOf({ keys, partitions: [], tables: [], about: ["t"] })).toThrow(TooManyNamesError);
  });

  it("the longest names fit a message", () => {
    const keys = Array.from({ length: MAX_NAMES }, () => "k".repeat(MAX_KEY_LENGTH));
    const [part] = partsOf({ keys, partitions: [], tables: [], about: ["t".repeat(48)] });
    if (part === undefined) throw new Error("one part");
    const text = encodeMessage(announce("keys", part, { id: "w", spec: "s", conditional: false }));
    expect(text.length).toBeLessThan(MAX_MESSAGE_BYTES);
    expect(decodeMessage(text).kind).toBe("keys");
  });
});

describe("names", () => {
  it("a table's tag is the name of no key and no partition: it ends in a slash", () => {
    expect([...eachName({ keys: ["users"], partitions: ["users/1"], tables: ["users"] })]).toEqual([
      "users",
      "users/1",
      tableTag("users"),
    ]);
    expect(isEmpty({ keys: [], partitions: [], tables: [] })).toBe(true);
  });
});

describe("a position", () => {
  const position = fc.record({ epoch: id.map(epoch), sequence: fc.nat().map(sequence) });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(position, (of) => {
        expect(parsePosition(formatPosition(of))).toEqual(of);
      }),
    );
  });

  it.each([
    "",
    "E1",
    ".5",
    "E1.",
    "E1.x",
    "E1.-1",
    "E1.1.2",
    "E 1.5",
    "E1.5 ",
    `${"e".repeat(65)}.1`,
    `E1.${"9".repeat(16)}`,
  ])("%j is none", (text) => expect(parsePosition(text)).toBeUndefined());
});

describe("settings", () => {
  const sizes = Object.keys(DEFAULT_SETTINGS);

  it("are the defaults where nothing else is said", () => {
    expect(protocolSettings()).toEqual(DEFAULT_SETTINGS);
    expect(protocolSettings({ fenceMs: 7 }).fenceMs).toBe(7);
  });

  it.each(sizes)("%s must be a whole number above zero", (setting) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const changes: Partial<Record<keyof ProtocolSettings, number>> = { [setting]: value };
      expect(() => protocolSettings(changes)).toThrow(SpecError);
    }
  });

  it("slots are a power of two, for a name is put into one by its low bits", () => {
    expect(() => protocolSettings({ partitionSlots: 1000 })).toThrow(SpecError);
    expect(protocolSettings({ partitionSlots: 1024 }).partitionSlots).toBe(1024);
  });
});
