import express, { type Response } from "express";
import { afterEach, describe, expect, test } from "vitest";
import { auditRouter } from "../../src/http/audit-router.ts";
import { serve } from "../../src/http/serve.ts";
import { NearkeyChild } from "./nearkey-child.ts";

const SLOW = 60_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A frontend whose audit has found this much. */
async function frontend(agreed: number, unannounced: number): Promise<string> {
  const differences = { unannounced, orphaned: 0, unsettled: 0, weak: 0 };
  const audit = { agreed, overtaken: 3, undecided: 0, unread: 1, differences, claim: "as it says itself" };
  const cache = { statistics: () => ({ audit }) };
  const server = await serve(express().use(auditRouter({ cache })), { port: 0, deadlineMs: 200 });
  closing.push(() => server.close());
  return `http://127.0.0.1:${server.port}`;
}

async function answering(how: (res: Response) => void): Promise<string> {
  const server = await serve(
    express().use((_req, res) => how(res)),
    { port: 0, deadlineMs: 200 },
  );
  closing.push(() => server.close());
  return `http://127.0.0.1:${server.port}`;
}

async function audit(...args: readonly string[]) {
  const child = new NearkeyChild(["audit", ...args]);
  closing.push(() => child.end());
  return { code: await child.exit(), stdout: child.stdout, stderr: child.stderr };
}

describe("nearkey audit", () => {
  test("says what each frontend has found, and what may be claimed of all", { timeout: SLOW }, async () => {
    const urls = [await frontend(2_000, 0), await frontend(1_000, 0)];
    const { code, stdout } = await audit(...urls);
    expect(code).toBe(0);
    const [head, ...lines] = stdout.trimEnd().split("\n");
    expect(head?.split(/ +/)).toEqual(["FRONTEND", "AGREED", "OVERTAKEN", "UNDECIDED", "UNREAD", "DIFFERENCES"]);
    expect(lines.slice(0, 2).map((line) => line.split(/ +/))).toEqual([
      [urls[0], "2000", "3", "0", "1", "none"],
      [urls[1], "1000", "3", "0", "1", "none"],
    ]);
    expect(lines[2]).toBe("no difference in 3000 samples: at least 3 nines at 95 %");
  });

  test("ends with 1 where a difference was found, and says of which cause", { timeout: SLOW }, async () => {
    const url = await frontend(998, 2);
    const { code, stdout } = await audit("--json", url);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      frontends: [{ url, agreed: 998, differences: { unannounced: 2 } }],
      claim: "2 differences in 1000 samples: at least 2 nines at 95 %",
    });
    expect((await audit(url)).stdout).toContain("2 unannounced");
  });

  test("ends with 1 where a frontend does not say, tells why, and what all others found", {
    timeout: SLOW,
  }, async () => {
    const found = await frontend(998, 2);
    const { code, stdout } = await audit(
      found,
      "http://127.0.0.1:1",
      await answering((res) => res.json({ agreed: -1 })),
      await answering((res) => res.send("<html>")),
      await answering((res) => res.sendStatus(404)),
      await answering((res) => res.sendStatus(503)),
    );
    expect(code).toBe(1);
    const words = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/).at(-1));
    expect(words).toEqual([
      "DIFFERENCES",
      "2 unannounced",
      "it does not answer",
      "something else answers there",
      "something else answers there",
      "no audit there: mount auditRouter({ cache })",
      "not serving yet: it answers 503",
      "2 differences in 1000 samples: at least 2 nines at 95 %",
    ]);
  });
});
