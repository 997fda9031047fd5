import { describe, expect, it } from "vitest";
import { ApiError } from "../../src/adapters/nats/jetstream-api.ts";
import { Reader } from "../../src/adapters/nats/read.ts";
import { subjectsOf } from "../../src/adapters/nats/subjects.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import type { LogRecord, LogStart } from "../../src/ports/invalidation-log.ts";
import { LogUnavailableError } from "../../src/ports/log-errors.ts";
import { epoch, sequence } from "../../src/protocol/position.ts";

const DEADLINE = { deadlineMs: 300 };
const stream = "NEARKEY_shop_e1";
const start = Date.UTC(2026, 0, 1);

/** Record n was stored n seconds after the start. */
function record(n: number, life = "e1"): LogRecord {
  const storedAtMs = start + n * 1000;
  const storedAt = new Date(storedAtMs).toISOString();
  return { epoch: epoch(life), sequence: sequence(n), storedAt, storedAtMs, body: `${n}` };
}
const records = (...sequences: readonly number[]) => sequences.map((n) => record(n));

/** A stream whose leader knows `first` to `last`, and whose replicas give these batches, in turn. */
function reader(first: number, last: number, batches: readonly (readonly LogRecord[] | Error)[]) {
  const asked: LogStart[] = [];
  const suspected: unknown[] = [];
  const state = {
    messages: last - first + 1,
    first_seq: first,
    last_seq: last,
    last_ts: record(last).storedAt,
  };
  const config = { subjects: [], num_replicas: 1, max_age: 0, max_bytes: -1, duplicate_window: 0 };
  const made = new Reader({
    clock: systemClock,
    subjects: subjectsOf("shop"),
    keeper: { find: async () => stream, suspect: (name) => suspected.push(name) },
    api: { streamInfo: async () => ({ config, state }) },
    directGet: {
      async batch(_, from) {
        asked.push(from);
        const batch = batches[Math.min(asked.length, batches.length) - 1] ?? [];
        if (batch instanceof Error) throw batch;
        return batch;
      },
    },
  });
  const read = async (from: LogStart, limit = 100) => {
    const slice = await made.read(from, limit, DEADLINE);
    return { first: slice.first, last: slice.last, sequences: slice.records.map((each) => each.sequence) };
  };
  return { read, asked, suspected };
}

const from = (n: number): LogStart => ({ sequence: sequence(n) });

describe("a read of the NATS log, from replicas that are not the leader", () => {
  it("goes on, batch by batch, up to what was stored when it began", async () => {
    const { read, asked } = reader(1, 5, [records(1, 2), records(3, 4), records(5)]);
    expect(await read(from(1))).toEqual({ first: 1, last: 5, sequences: [1, 2, 3, 4, 5] });
    expect(asked).toEqual([from(1), from(3), from(5)]);
  });

  it("asks again when a replica is behind", async () => {
    const { read, asked } = reader(1, 3, [records(1), [], [], records(2, 3)]);
    expect(await read(from(1))).toEqual({ first: 1, last: 3, sequences: [1, 2, 3] });
    expect(asked).toEqual([from(1), from(2), from(2), from(2)]);
  });

  it("asks again when a replica is behind the time it was asked for", async () => {
    const at = { storedAtMs: start + 2_000 };
    expect((await reader(1, 3, [[], records(2, 3)]).read(at)).sequences).toEqual([2, 3]);
    const { read, asked } = reader(1, 3, [[]]);
    expect((await read({ storedAtMs: start + 3_001 })).sequences).toEqual([]);
    expect(asked).toEqual([]); // the leader has nothing that young: no replica need be asked
  });

  it("fails at its deadline if no replica has what the leader has, rather than pretend that it is the end", async () => {
    const { read } = reader(1, 3, [records(1, 2), []]);
    await expect(read(from(1))).rejects.toThrow(LogUnavailableError);
    await expect(read(from(1))).rejects.toThrow("up to 3");
  });

  it("gives what is newer than the leader's answer too, and says so", async () => {
    expect(await reader(1, 2, [records(1, 2, 3)]).read(from(1))).toEqual({ first: 1, last: 3, sequences: [1, 2, 3] });
  });

  it("has no hole: where retention cut in while it read, it begins after the cut and says that the log does", async () => {
    const { read } = reader(1, 9, [records(1, 2, 3), records(7, 8, 9)]);
    expect(await read(from(1))).toEqual({ first: 7, last: 9, sequences: [7, 8, 9] });
    expect(await reader(1, 9, [records(2, 3, 6, 7), records(8, 9)]).read(from(2))).toEqual({
      first: 6,
      last: 9,
      sequences: [6, 7, 8, 9],
    });
  });

  it("says that the log begins later where retention was faster than the leader's answer", async () => {
    expect(await reader(1, 5, [records(4, 5)]).read(from(2))).toEqual({ first: 4, last: 5, sequences: [4, 5] });
  });

  it("ends at the limit", async () => {
    const { read, asked } = reader(1, 9, [records(1, 2), records(3, 4)]);
    expect(await read(from(1), 3)).toEqual({ first: 1, last: 9, sequences: [1, 2, 3] });
    expect(asked).toHaveLength(2);
  });

  it("looks the stream up again, once, when it is gone", async () => {
    const gone = new ApiError(10059, "stream not found");
    const { read, suspected } = reader(1, 1, [gone, records(1)]);
    expect((await read(from(1))).sequences).toEqual([1]);
    expect(suspected).toEqual([stream]);
    await expect(reader(1, 1, [gone, gone]).read(from(1))).rejects.toThrow(LogUnavailableError);
  });
});
