import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Pulse, Subscription } from "../../ports/invalidation-log.ts";
import { LogUnavailableError } from "../../ports/log-errors.ts";
import { epoch, sequence } from "../../protocol/position.ts";
import type { NatsMessage } from "./connection.ts";
import { NatsFailure, unavailable } from "./failure.ts";
import { parseAnswer } from "./jetstream-api.ts";
import { KeptSubscription } from "./kept-subscription.ts";
import type { NatsLink } from "./link.ts";
import { reply } from "./reply.ts";
import { PULSE_GROUP, type Subjects } from "./subjects.ts";

/** At this many requests being answered the next is turned away, to be asked again elsewhere. */
const MAX_ANSWERING = 1_000;

const pulse = z.object({
  epoch: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  sequence: z.int().min(1),
  tick: z.string().min(1).max(64),
});

/** Asks one of the responders. Throws `LogUnavailableError`, at once if there is none. */
export async function requestPulse(link: NatsLink, subjects: Subjects, deadlineMs: number): Promise<Pulse> {
  try {
    const answer = parseAnswer((await link.request(subjects.pulse, "", deadlineMs)).string(), pulse);
    return { epoch: epoch(answer.epoch), sequence: sequence(answer.sequence), tick: answer.tick };
  } catch (error) {
    if (error instanceof NatsFailure && error.kind === "no-responders") {
      throw new LogUnavailableError("Nobody answers pulses", "Start a frontend or a backend", { cause: error });
    }
    throw unavailable("No pulse", error);
  }
}

/** Answers pulse requests, as one of the group. */
export function servePulse(
  parts: { readonly link: NatsLink; readonly clock: Clock; readonly subjects: Subjects },
  respond: () => Promise<Pulse>,
): Subscription {
  let answering = 0;

  async function answer(message: NatsMessage): Promise<void> {
    answering++;
    try {
      const { epoch, sequence, tick } = await respond();
      reply(message, JSON.stringify({ epoch, sequence, tick }));
    } catch (error) {
      reply(message, refusal(error instanceof Error ? error.message : String(error)));
    } finally {
      answering--;
    }
  }

  return new KeptSubscription(parts.link, parts.clock, {
    subject: parts.subjects.pulse,
    queue: PULSE_GROUP,
    message(message) {
      if (answering >= MAX_ANSWERING) reply(message, refusal(`${MAX_ANSWERING} requests are being answered`));
      else void answer(message);
    },
  });
}

/** Tells the one who asks at once, instead of letting it wait for its deadline. Shaped as JetStream's refusals are. */
function refusal(description: string): string {
  return JSON.stringify({ error: { code: 503, description: `the responder failed: ${description.slice(0, 500)}` } });
}
