import { describe, expect, it } from "vitest";
import type { InvalidationLog, Pulse } from "../../src/ports/invalidation-log.ts";
import { LogUnavailableError } from "../../src/ports/log-errors.ts";
import { epoch, sequence } from "../../src/protocol/position.ts";

/** Participants of one log, new for each test. */
export interface Given {
  readonly log: InvalidationLog;
  readonly other: InvalidationLog;
  third(): Promise<InvalidationLog>;
}

const DEADLINE = { deadlineMs: 5_000 };

/** What every implementation promises about pulses. */
export function pulsePromises(given: Given): void {
  describe("pulse", () => {
    const pulse = (tick: string): Pulse => ({ epoch: epoch("e"), sequence: sequence(7), tick });
    /** Resolves when a request reaches the responder: until then the network may not know of it. */
    const ready = async () => {
      await expect.poll(() => given.log.requestPulse(DEADLINE).catch(() => undefined)).toBeDefined();
    };

    it("fails at once when nobody answers", async () => {
      const asked = performance.now();
      await expect(given.log.requestPulse({ deadlineMs: 4_000 })).rejects.toThrow(LogUnavailableError);
      expect(performance.now() - asked).toBeLessThan(3_000);
    });

    it("brings the answer of a responder, one's own too", async () => {
      given.log.servePulse(async () => pulse("own"));
      await ready();
      expect(await given.log.requestPulse(DEADLINE)).toEqual(pulse("own"));
      expect(await given.other.requestPulse(DEADLINE)).toEqual(pulse("own"));
    });

    it("asks exactly one responder for each request, and all of them in the course of time", async () => {
      const third = await given.third();
      const asked = [0, 0];
      for (const [i, participant] of [given.other, third].entries()) {
        participant.servePulse(async () => {
          asked[i] = (asked[i] ?? 0) + 1;
          return pulse(`${i}`);
        });
      }
      const ask = () => given.log.requestPulse(DEADLINE).catch(() => undefined);
      await expect.poll(() => ask().then(() => Math.min(...asked))).toBeGreaterThan(0);
      asked.fill(0);
      await Promise.all(Array.from({ length: 60 }, () => given.log.requestPulse(DEADLINE)));
      expect(asked.reduce((sum, n) => sum + n)).toBe(60);
      expect(Math.min(...asked)).toBeGreaterThan(0);
    });

    it("fails when the responder fails, without waiting for the deadline", async () => {
      let failing = false;
      given.other.servePulse(async () => {
        if (failing) throw new Error("no tick");
        return pulse("a");
      });
      await ready();
      failing = true;
      const asked = performance.now();
      await expect(given.log.requestPulse({ deadlineMs: 4_000 })).rejects.toThrow(/no tick|failed/);
      await expect(given.log.requestPulse({ deadlineMs: 4_000 })).rejects.toThrow(LogUnavailableError);
      expect(performance.now() - asked).toBeLessThan(3_000);
    });

    it("fails at its deadline when the responder does not answer", async () => {
      let answers = true;
      given.other.servePulse(() => (answers ? Promise.resolve(pulse("a")) : new Promise(() => {})));
      await ready();
      answers = false;
      const asked = performance.now();
      await expect(given.log.requestPulse({ deadlineMs: 100 })).rejects.toThrow(LogUnavailableError);
      expect(performance.now() - asked).toBeGreaterThan(90);
      expect(performance.now() - asked).toBeLessThan(3_000);
    });

    it("does not ask a responder that has ended", async () => {
      const responder = given.other.servePulse(async () => pulse("a"));
      await ready();
      responder.close();
      await expect
        .poll(() =>
          given.log.requestPulse(DEADLINE).then(
            () => "answered",
            () => "nobody",
          ),
        )
        .toBe("nobody");
    });
  });
}
