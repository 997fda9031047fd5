import { z } from "zod";
import { NearkeyError } from "../spec/error.ts";
import { MAX_KEY_LENGTH } from "../spec/key-text.ts";

/**
 * What travels on the log. One write is one fence before it and one keys message after it, each in parts of at most
 * `MAX_NAMES` names; part n of the keys closes part n of the fence. A touch says "the outcome is unknown" and leaves the fence open.
 * A tick names nothing: it moves the log on, so that a frontend can prove that it keeps up.
 */
export type Message = Fence | Keys | Touch | TickMessage;
export type Announcement = Fence | Keys | Touch;
export type Fence = z.infer<typeof fence>;
export type Keys = z.infer<typeof keys>;
export type Touch = z.infer<typeof touch>;
export type TickMessage = z.infer<typeof tickMessage>;

/** The most names in one message: keys, partitions and tables together. */
export const MAX_NAMES = 100;
/** The most bytes of one message: 100 names at their longest, and the envelope. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** The most parts one write may need; a write that touches more names than this allows is refused. */
export const MAX_PARTS = 1000;

const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
const names = z
  .array(
    z
      .string()
      .min(1)
      .max(MAX_KEY_LENGTH * 2),
  )
  .max(MAX_NAMES);
const announcement = {
  v: z.literal(1),
  /** The key spec it was derived from. A reader with another spec touches the tables in `about`; so does one without room. */
  spec: z.string().max(64),
  /** The write, and which part of it; together they name a window. */
  write: id,
  part: z.int().min(1).max(MAX_PARTS),
  parts: z.int().min(1).max(MAX_PARTS),
  keys: names,
  partitions: names,
  tables: names,
  about: names.min(1),
};

const fence = z.strictObject({
  kind: z.literal("fence"),
  ...announcement,
  /** True for a conditional write: if it is orphaned, the first read after it must be serial. */
  conditional: z.literal(true).optional(),
});
const keys = z.strictObject({ kind: z.literal("keys"), ...announcement });
const touch = z.strictObject({ kind: z.literal("touch"), ...announcement });
const tickMessage = z.strictObject({
  kind: z.literal("tick"),
  v: z.literal(1),
  tick: id,
  /** Set when the log was seen to have lost messages that it had acknowledged: a touch of everything, and a window on it. */
  flush: z.literal(true).optional(),
});

const message = z.discriminatedUnion("kind", [fence, keys, touch, tickMessage]);

/** Bytes on the log that are not a message of this version: a reader treats them as a touch of everything. */
export class MessageError extends NearkeyError {
  readonly code = "E_MESSAGE";
}

export function encodeMessage(of: Message): string {
  return JSON.stringify(of);
}

/** Throws `MessageError`. */
export function decodeMessage(text: string): Message {
  if (text.length > MAX_MESSAGE_BYTES)
    throw new MessageError(`a message of ${text.length} characters`, "Publish at most 100 names in one");
  const parsed = message.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new MessageError(
    `not a nearkey message: ${z.prettifyError(parsed.error)}`,
    "Find who else publishes on these subjects",
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MessageError("a message that is not JSON", "Find who else publishes on these subjects", { cause });
  }
}
