import { createServer } from "node:http";
import { expect, it } from "vitest";
import { exactly } from "../judge/allowed.ts";
import { createFindings } from "../judge/findings.ts";
import { portOf } from "../links/port-of.ts";
import type { Reading } from "../town/readings.ts";
import { compareTwice } from "./at-rest.ts";

/** The findings where a frontend answers with these headers, and with a value that is right. */
async function foundWhere(headers: Readonly<Record<string, string>>, json = "1") {
  const server = createServer((_, res) => res.writeHead(200, { ...ALL, ...headers }).end(json));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const findings = createFindings();
  const reading: Reading = { path: "/one", check: (found) => (found === 1 ? [] : ["another value"]) };
  const frontend = { name: "f", url: `http://127.0.0.1:${portOf(server)}` };
  try {
    const hits = await compareTwice(frontend, [reading], exactly(new Map(), new Map()), findings);
    return { hits, found: findings.first.map(({ kind, words }) => `${kind}: ${words.split("): ").at(-1)}`) };
  } finally {
    server.close();
  }
}

const ALL = { "Nearkey-Coherent": "?1", Age: "1", "Cache-Status": "nearkey; hit", "Nearkey-Position": "e.1" };

it("at rest each key is read twice, and the second answer is a hit", async () => {
  expect(await foundWhere({})).toEqual({ hits: 1, found: [] });
  expect(await foundWhere({}, "2")).toEqual({ hits: 1, found: Array(2).fill("difference: another value") });
});

it("a frontend that only loads is found wrong at rest", async () => {
  const { hits, found } = await foundWhere({ "Cache-Status": "nearkey; fwd=uri-miss; stored" });
  expect(hits).toBe(0);
  expect(found).toEqual(["no evidence: f keeps nothing: 0 hits of 1 keys that were read before"]);
});

it("an answer at rest is coherent, and has a position", async () => {
  const { found } = await foundWhere({ "Nearkey-Coherent": "?0", "Nearkey-Position": "none" });
  expect(found.slice(0, 2)).toEqual(["difference: not coherent at rest", "difference: no position at rest"]);
});
