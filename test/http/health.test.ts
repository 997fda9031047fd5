import { describe, expect, test } from "vitest";
import { createDraining } from "../../src/http/draining.ts";
import { backendChecks, type Checks, frontendChecks } from "../../src/http/health-checks.ts";
import { type HealthRouterOptions, healthRouter } from "../../src/http/health-router.ts";
import { StoreReadError } from "../../src/ports/store-errors.ts";
import { stillClock } from "./fake-cache.ts";
import { send, serving } from "./server.ts";

async function probe(path: string, options: Partial<HealthRouterOptions> = {}) {
  const reply = await send(await serving(healthRouter({ ready: {}, ...options })), path);
  return { ...reply, json: JSON.parse(reply.text) };
}

const frontend = (ready: boolean, ageMs: number): Checks =>
  frontendChecks({ cache: { ready, proofAgeMs: () => ageMs }, clock: stillClock, boundMs: 10_000 });

describe("/livez", () => {
  test("is 200 while the process answers", async () => {
    const { status, json, headers } = await probe("/livez");
    expect([status, json]).toEqual([200, { status: "pass", checks: { alive: [{ status: "pass" }] } }]);
    expect(headers).toMatchObject({ "content-type": "application/health+json", "cache-control": "no-store" });
    expect(headers["x-powered-by"]).toBeUndefined();
  });

  test("is 503 when the process says so, or cannot say", async () => {
    expect((await probe("/livez", { alive: () => false })).status).toBe(503);
    const broken = (): never => {
      throw new Error("secret");
    };
    const { status, text } = await probe("/livez", { alive: broken });
    expect([status, text.includes("secret")]).toEqual([503, false]);
  });

  test("does not depend on what readiness does", async () => {
    const draining = createDraining();
    draining.begin();
    expect((await probe("/livez", { ready: () => false, draining })).status).toBe(200);
  });

  test("answers HEAD without a body", async () => {
    const url = await serving(healthRouter({ ready: {} }));
    expect(await send(url, "/livez", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });
});

describe("/readyz of a frontend", () => {
  test("is 503 until the log is replayed to its head", async () => {
    const { status, json } = await probe("/readyz", { ready: frontend(false, Number.POSITIVE_INFINITY) });
    expect([status, json.status, json.checks.replayed[0].status]).toEqual([503, "fail", "fail"]);
  });

  test("is 200 from then on, with the state of each check", async () => {
    const { status, json } = await probe("/readyz", { ready: frontend(true, 900) });
    expect([status, json]).toEqual([
      200,
      {
        status: "pass",
        checks: { accepting: [{ status: "pass" }], replayed: [{ status: "pass" }], current: [{ status: "pass" }] },
      },
    ]);
  });

  test.each([
    [10_001, "10001 ms old"],
    [Number.POSITIVE_INFINITY, "missing"],
  ])("is degraded but ready with a proof of %d ms, unless asked strictly", async (ageMs, words) => {
    const lax = await probe("/readyz", { ready: frontend(true, ageMs) });
    expect([lax.status, lax.json.status]).toEqual([200, "warn"]);
    expect(lax.json.checks.current[0].output).toContain(words);
    expect((await probe("/readyz?strict", { ready: frontend(true, ageMs) })).status).toBe(503);
    expect((await probe("/readyz?strict", { ready: frontend(true, 1) })).status).toBe(200);
  });
});

describe("/readyz of a backend", () => {
  const ping = async (): Promise<void> => {};

  test("is 200 while the log is connected and the database answers", async () => {
    expect(
      (
        await probe("/readyz", {
          ready: backendChecks({ writer: { ready: true }, log: { connected: true }, store: { ping } }),
        })
      ).status,
    ).toBe(200);
  });

  test("is 503 without the log: writes need it", async () => {
    const { status, json } = await probe("/readyz", {
      ready: backendChecks({ writer: { ready: true }, log: { connected: false }, store: { ping } }),
    });
    expect([status, json.checks.log[0].status, json.checks.database[0].status]).toEqual([503, "fail", "pass"]);
  });

  test("is 503 without the database, and does not say where it is", async () => {
    const store = { ping: () => Promise.reject(new StoreReadError("10.0.0.7 is down", "Start it")) };
    const { status, json } = await probe("/readyz", {
      ready: backendChecks({ writer: { ready: true }, log: { connected: true }, store }),
    });
    expect([status, json.checks.database]).toEqual([503, [{ status: "fail", output: "E_STORE_READ" }]]);
  });

  test("does not wait for a check that never ends", async () => {
    const ready = { stuck: () => new Promise<never>(() => {}) };
    const { status, json } = await probe("/readyz", { ready, checkDeadlineMs: 20 });
    expect([status, json.checks.stuck[0].output]).toEqual([503, "No result within 20 ms"]);
  });
});

describe("/readyz", () => {
  test("fails as soon as the process is about to end", async () => {
    const draining = createDraining();
    const url = await serving(healthRouter({ ready: {}, draining }));
    expect((await send(url, "/readyz")).status).toBe(200);
    draining.begin();
    const reply = await send(url, "/readyz");
    expect([reply.status, JSON.parse(reply.text).checks.accepting[0].status]).toEqual([503, "fail"]);
  });

  test("takes one answer instead of checks", async () => {
    expect((await probe("/readyz", { ready: () => true })).status).toBe(200);
    expect((await probe("/readyz", { ready: () => false })).json.checks.ready).toEqual([{ status: "fail" }]);
  });
});
