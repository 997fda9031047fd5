import { expect, test } from "vitest";
import { createPinoTelemetry } from "../../src/adapters/system/pino-telemetry.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { loggerWithLines } from "./log-lines.ts";

test("an event is one line, at the level that it deserves", () => {
  const { logger, lines } = loggerWithLines();
  const telemetry = createPinoTelemetry(logger);
  telemetry.event("proven", { applied: 7 });
  telemetry.event("log-disconnected", { reason: "cut" });
  expect(lines).toEqual([
    { level: "info", applied: 7, msg: "proven" },
    { level: "warn", reason: "cut", msg: "log-disconnected" },
  ]);
});

test("an event that comes in floods is cut to ten lines in ten seconds, and counted", async () => {
  const clock = createVirtualClock();
  const { logger, lines } = loggerWithLines();
  const telemetry = createPinoTelemetry(logger, clock);
  for (let i = 0; i < 500; i++) telemetry.event("write-not-announced", { tables: "users" });
  telemetry.event("unproven", { applied: 1 });
  expect(lines.map(({ msg }) => msg)).toEqual([...Array(10).fill("write-not-announced"), "unproven"]);
  await clock.advance(10_000);
  telemetry.event("write-not-announced", { tables: "users" });
  telemetry.event("write-not-announced", { tables: "users" });
  expect(lines.slice(11)).toEqual([
    { level: "error", tables: "users", leftOut: 490, msg: "write-not-announced" },
    { level: "error", tables: "users", msg: "write-not-announced" },
  ]);
});
