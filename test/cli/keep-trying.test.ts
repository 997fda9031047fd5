import { expect, test } from "vitest";
import { type Attempts, keepTrying } from "../../src/cli/keep-trying.ts";
import { loggerWithLines } from "./log-lines.ts";

/** Attempts that fail for these reasons, one after the other, and then succeed. */
function attempts(...reasons: string[]): Attempts<string> {
  return {
    what: "nats",
    done: "connected",
    where: "nats://here",
    attempt: async () => {
      const reason = reasons.shift();
      if (reason !== undefined) throw new Error(reason);
      return "reached";
    },
    hopeless: (error) => (error instanceof Error && error.message === "refused" ? new Error("hopeless") : undefined),
    reasonOf: (error) => (error instanceof Error ? error.message : ""),
  };
}

test("it goes on until it succeeds, and logs what changes, not each attempt", async () => {
  const { logger, lines } = loggerWithLines();
  const { signal } = new AbortController();
  expect(await keepTrying(attempts("closed", "closed", "slow"), { signal, logger })).toBe("reached");
  expect(lines).toEqual([
    { level: "warn", where: "nats://here", reason: "closed", msg: "nats-unreachable" },
    { level: "warn", where: "nats://here", reason: "slow", msg: "nats-unreachable" },
    { level: "info", where: "nats://here", afterMs: expect.any(Number), msg: "nats-connected" },
  ]);
});

test("it ends where trying again cannot help", async () => {
  const { logger, lines } = loggerWithLines();
  const { signal } = new AbortController();
  await expect(keepTrying(attempts("refused"), { signal, logger })).rejects.toThrow("hopeless");
  expect(lines).toEqual([]);
});

test("it ends when it is told to, while it waits", async () => {
  const stop = new AbortController();
  const { logger } = loggerWithLines();
  const trying = keepTrying(attempts("a", "b", "c", "d", "e", "f"), { signal: stop.signal, logger });
  setTimeout(() => stop.abort(), 20);
  await expect(trying).rejects.toThrow(/aborted/);
});
