import type { Clock } from "../../ports/clock.ts";
import type { LogListener, Subscription } from "../../ports/invalidation-log.ts";
import { LogConfigurationError } from "../../ports/log-errors.ts";
import { KeptSubscription } from "./kept-subscription.ts";
import type { NatsLink } from "./link.ts";
import type { Problems } from "./problems.ts";
import { recordOf } from "./record.ts";
import type { StreamKeeper } from "./stream-keeper.ts";
import { type Subjects, streamName } from "./subjects.ts";

export interface FeedParts {
  readonly link: NatsLink;
  readonly clock: Clock;
  readonly problems: Problems;
  readonly keeper: StreamKeeper;
  readonly subjects: Subjects;
}

/** Hears what the stream republishes. In a cluster a record may slip by just after `connected`: its sequence is then missing. */
export function listen(parts: FeedParts, listener: LogListener): Subscription {
  const { link, clock, problems, keeper, subjects } = parts;
  return new KeptSubscription(link, clock, {
    subject: subjects.republished,
    message(message) {
      const record = recordOf(subjects.namespace, message);
      if (record === undefined) {
        problems.report(
          new LogConfigurationError(
            `A message on ${message.subject} did not come from nearkey's stream; it was ignored`,
            `Let no client publish on ${subjects.republished}`,
          ),
        );
        return;
      }
      keeper.heardOf(streamName(subjects.namespace, record.epoch));
      listener.record(record);
    },
    live: () => listener.connected(),
    lost: () => listener.disconnected(),
  });
}
