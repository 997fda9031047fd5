import type { NatsMessage } from "./connection.ts";

/** Answers a request, if the one who asks can still be reached. */
export function reply(message: NatsMessage, text: string): void {
  try {
    message.respond(text);
  } catch {
    // The connection was closed meanwhile; the one who asks sees its deadline.
  }
}
