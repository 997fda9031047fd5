import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemEntropy } from "../../src/adapters/system/entropy.ts";

describe("the system clock", () => {
  it("shows a monotonic clock that moves with time, and the wall clock", async () => {
    const before = systemClock.now();
    await sleep(20);
    const after = systemClock.now();
    expect(after.monotonicMs - before.monotonicMs).toBeGreaterThan(15);
    expect(Math.abs(after.wallMs - Date.now())).toBeLessThan(50);
  });

  it("runs what it was given once, not before its time", async () => {
    const begin = performance.now();
    const ranAt: number[] = [];
    await new Promise<void>((resolve) => {
      systemClock.after(20, () => {
        ranAt.push(performance.now());
        resolve();
      });
    });
    await sleep(40);
    expect(ranAt).toHaveLength(1);
    expect((ranAt[0] ?? 0) - begin).toBeGreaterThan(18);
  });

  it("does not run what was cancelled, nor soon what is due in a year", async () => {
    let ran = 0;
    systemClock.after(5, () => ran++).cancel();
    const far = systemClock.after(365 * 86_400_000, () => ran++);
    await sleep(20);
    far.cancel();
    expect(ran).toBe(0);
  });
});

describe("the system's entropy", () => {
  it("gives ids of 22 letters, digits and hyphens, each once", () => {
    const ids = Array.from({ length: 10_000 }, () => systemEntropy.id());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]{22}$/);
  });

  it("gives fractions from 0 up to, not including, 1, spread over the range", () => {
    const fractions = Array.from({ length: 10_000 }, () => systemEntropy.fraction());
    expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...fractions)).toBeLessThan(1);
    expect(fractions.reduce((sum, x) => sum + x) / fractions.length).toBeCloseTo(0.5, 1);
  });
});
