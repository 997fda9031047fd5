import { describe, expect, test } from "vitest";
import { ClosedError, FenceFailedError, NotAnnouncedError, OverloadedError } from "../../src/engine/errors.ts";
import type { Written } from "../../src/engine/writer.ts";
import { backendRouter } from "../../src/http/backend-router.ts";
import { KeyTooLongError, MutationError, ValueError } from "../../src/index.ts";
import { WriteRefusedError, WriteUnknownError } from "../../src/ports/store-errors.ts";
import { TooManyNamesError } from "../../src/protocol/announce.ts";
import { fakeWriter } from "./fake-writer.ts";
import { send, serving } from "./server.ts";
import { tables } from "./social.ts";

const reported: unknown[] = [];

/** Asks for one write, whose outcome is this. */
async function outcome(of: Partial<Written> | Error, method = "PUT", headers: Record<string, string> = {}) {
  reported.length = 0;
  const onError = (error: unknown): void => void reported.push(error);
  const url = await serving(backendRouter({ writer: fakeWriter(of), tables, onError }));
  const sent =
    method === "DELETE" ? { headers } : { headers: { "content-type": "application/json", ...headers }, body: "{}" };
  const reply = await send(url, "/users/42", { method, ...sent });
  return { ...reply, json: reply.text === "" ? undefined : JSON.parse(reply.text) };
}

describe("a write", () => {
  test("whose condition did not hold is 412, and has a position", async () => {
    const { status, json, headers } = await outcome({ applied: false }, "PUT", { "if-none-match": "*" });
    expect([status, json.type, headers["nearkey-position"]]).toEqual([
      412,
      "urn:nearkey:problem:precondition-failed",
      "e1.8",
    ]);
  });

  test.each(["PUT", "DELETE"])(
    "by %s that is done but not announced is 202: it must not be repeated, nor be taken for seen",
    async (method) => {
      const { status, json, headers } = await outcome(new NotAnnouncedError(true, 17), method);
      expect([status, json]).toEqual([202, { position: null, applied: true, timestampMicros: 17 }]);
      expect(headers["nearkey-position"]).toBeUndefined();
    },
  );

  test("that is not announced, and whose condition did not hold, is 412: nothing was written", async () => {
    const { status } = await outcome(new NotAnnouncedError(false, 17), "PUT", { "if-match": "*" });
    expect(status).toBe(412);
  });

  test("that was allowed not to be announced is 202 too", async () => {
    const { status, json } = await outcome({ position: undefined });
    expect([status, json]).toEqual([202, { position: null, applied: true, timestampMicros: 1_700_000_000_000_000 }]);
  });

  const SECRET = "10.0.0.7 said no";
  test.each([
    [new FenceFailedError(SECRET, SECRET), 503, "log-unavailable", "1"],
    [new OverloadedError(SECRET, SECRET), 503, "overloaded", "1"],
    [new ClosedError(SECRET, SECRET), 503, "closing", "1"],
    [new WriteRefusedError(SECRET, SECRET), 503, "write-refused", "1"],
    [new WriteUnknownError(SECRET, SECRET), 504, "write-unknown", undefined],
    [new TypeError(SECRET), 500, "internal", undefined],
  ])("that failed with %s says what to do in our words", async (error, status, kind, retryAfter) => {
    const { status: got, json, headers, text } = await outcome(error);
    expect([got, json.type, headers["retry-after"]]).toEqual([status, `urn:nearkey:problem:${kind}`, retryAfter]);
    expect(json.code).toBe("code" in error ? error.code : undefined);
    expect(text).not.toContain("10.0.0.7");
    expect(reported).toEqual(status === 500 ? [error] : []);
  });

  test.each([
    [new ValueError("int", "x", "a whole number"), 400, "invalid-value"],
    [new KeyTooLongError("users_{id}", 2000), 400, "key-too-long"],
    [new MutationError("counters and other tables in one batch", "Write two batches"), 422, "invalid-write"],
    [new TooManyNamesError("a write that touches 10001 names", "Write it in smaller batches"), 422, "write-too-wide"],
  ])("that was asked for wrongly says how: %s", async (error, status, kind) => {
    const { status: got, json } = await outcome(error);
    expect([got, json]).toMatchObject([
      status,
      { type: `urn:nearkey:problem:${kind}`, code: error.code, detail: error.message },
    ]);
  });
});
