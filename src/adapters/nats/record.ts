import type { LogRecord } from "../../ports/invalidation-log.ts";
import { sequence } from "../../protocol/position.ts";
import type { NatsMessage } from "./connection.ts";
import { epochOf } from "./subjects.ts";

/** The record in a republished message, or in an answer to Direct Get: both carry the same headers. Undefined if it is none of ours. */
export function recordOf(namespace: string, message: NatsMessage): LogRecord | undefined {
  const { headers } = message;
  if (headers === undefined) return undefined;
  const epoch = epochOf(namespace, headers.get("Nats-Stream"));
  const at = Number(headers.get("Nats-Sequence"));
  const storedAt = headers.get("Nats-Time-Stamp");
  const storedAtMs = Date.parse(storedAt);
  if (epoch === undefined || !Number.isSafeInteger(at) || at < 1 || Number.isNaN(storedAtMs)) return undefined;
  return { epoch, sequence: sequence(at), storedAt, storedAtMs, body: message.string() };
}
