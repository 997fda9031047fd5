import { expect, test } from "vitest";
import { Closing, ShutdownError } from "../../src/cli/closing.ts";
import { loggerWithLines } from "./log-lines.ts";

test("the first is closed first, then the newest, and what comes late at once", async () => {
  const closed: string[] = [];
  const closing = new Closing(loggerWithLines().logger);
  const add = (what: string): void => closing.add(what, async () => void closed.push(what));
  add("client");
  closing.first("server", async () => void closed.push("server"));
  add("cache");
  await closing.run(1_000);
  add("late");
  expect(closed).toEqual(["server", "cache", "client", "late"]);
});

test("what does not close cleanly does not keep the rest from closing", async () => {
  const closed: string[] = [];
  const { logger, lines } = loggerWithLines();
  const closing = new Closing(logger);
  closing.add("client", async () => void closed.push("client"));
  closing.add("cache", () => Promise.reject(new Error("stuck")));
  await closing.run(1_000);
  expect(closed).toEqual(["client"]);
  expect(lines).toMatchObject([{ level: "warn", what: "cache", msg: "not-closed-cleanly" }]);
});

test("what takes too long is named", async () => {
  const closing = new Closing(loggerWithLines().logger);
  closing.add("the writer", () => new Promise(() => {}));
  const ended = closing.run(20);
  await expect(ended).rejects.toThrow(ShutdownError);
  await expect(ended).rejects.toThrow("the writer was not closed within 20 ms. Raise shutdownMs if it needs longer");
});
