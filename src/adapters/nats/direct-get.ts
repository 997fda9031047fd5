import type { LogRecord, LogStart } from "../../ports/invalidation-log.ts";
import type { Deadline } from "./deadline.ts";
import { NatsFailure } from "./failure.ts";
import type { JetStreamApi } from "./jetstream-api.ts";
import type { NatsLink } from "./link.ts";
import { recordOf } from "./record.ts";

/** The server sends a batch without waiting for us: keep it well below its `max_pending`, or it takes us for a slow consumer. */
const MAX_BATCH = 1_000;
const MAX_BATCH_BYTES = 1024 * 1024;

const END_OF_BATCH = 204;
const NOT_FOUND = 404;

/** Reads batches of stored messages (NATS ADR-31, nats-server 2.11). */
export class DirectGet {
  readonly #link: NatsLink;
  readonly #api: JetStreamApi;
  readonly #namespace: string;

  constructor(link: NatsLink, api: JetStreamApi, namespace: string) {
    this.#link = link;
    this.#api = api;
    this.#namespace = namespace;
  }

  /** The next stored records, at most `limit`; none if this replica has none there. Throws `NatsFailure`. */
  async batch(stream: string, from: LogStart, limit: number, deadline: Deadline): Promise<readonly LogRecord[]> {
    const start = "sequence" in from ? { seq: from.sequence } : { start_time: new Date(from.storedAtMs).toISOString() };
    const request = { ...start, batch: Math.min(limit, MAX_BATCH), max_bytes: MAX_BATCH_BYTES, next_by_subj: ">" };
    const records: LogRecord[] = [];
    let refused: NatsFailure | undefined;
    const subject = this.#api.directGetSubject(stream);
    await this.#link.gather(subject, JSON.stringify(request), deadline.remainingMs(), (answer) => {
      const code = answer.headers?.code ?? 0;
      if (code === END_OF_BATCH || code === NOT_FOUND) return false;
      const record = code === 0 ? recordOf(this.#namespace, answer) : undefined;
      if (record !== undefined) records.push(record);
      else refused = new NatsFailure("refused", `Direct Get of ${stream} answers ${code}`);
      return record !== undefined;
    });
    if (refused !== undefined) throw refused;
    return records;
  }
}
