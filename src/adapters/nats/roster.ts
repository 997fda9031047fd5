import { hostname } from "node:os";
import type { Clock } from "../../ports/clock.ts";
import type { Roster } from "../../ports/roster.ts";
import { encodeIntroduction, MAX_INTRODUCTION_BYTES } from "../../protocol/introduction.ts";
import { Answers } from "../../protocol/roll-call.ts";
import type { NatsLike } from "./connection.ts";
import { NatsFailure, unavailable } from "./failure.ts";
import { KeptSubscription } from "./kept-subscription.ts";
import { NatsLink } from "./link.ts";
import { Problems } from "./problems.ts";
import { reply } from "./reply.ts";
import { type Subjects, subjectsOf } from "./subjects.ts";

interface Parts {
  readonly link: NatsLink;
  readonly clock: Clock;
  readonly subjects: Subjects;
}

/** The roll of a namespace: a request that everybody answers, beside the stream and without it. */
export function rosterOver({ link, clock, subjects }: Parts): Roster {
  return {
    join(as) {
      // Anew for each answer: the server connected to by then may take less.
      const text = () => {
        const maxBytes = link.connection.info?.max_payload ?? MAX_INTRODUCTION_BYTES;
        return encodeIntroduction(as, { host: hostname(), pid: process.pid, maxBytes });
      };
      return new KeptSubscription(link, clock, { subject: subjects.roster, message: (asked) => reply(asked, text()) });
    },
    async call({ waitMs }) {
      const answers = new Answers();
      try {
        await link.gather(subjects.roster, "", waitMs, (answer) => answers.take(answer.string()));
      } catch (error) {
        if (!isEnd(error)) throw unavailable("The roll cannot be called", error);
      }
      return answers.rollCall;
    },
  };
}

/** Nobody says who is last: the wait ends it. */
const isEnd = (error: unknown): boolean =>
  error instanceof NatsFailure && (error.kind === "timeout" || error.kind === "no-responders");

export interface NatsRosterOptions {
  /** Yours; it is not closed with the roster. */
  readonly connection: NatsLike;
  readonly namespace: string;
  readonly clock: Clock;
}

/** A roster without a log, for one who only asks. Throws `LogConfigurationError`. */
export async function createNatsRoster({
  clock,
  connection,
  namespace,
}: NatsRosterOptions): Promise<Roster & { close(): void }> {
  const subjects = subjectsOf(namespace);
  const link = await NatsLink.open(connection, new Problems(clock, undefined), undefined);
  return { ...rosterOver({ link, clock, subjects }), close: () => link.close() };
}
