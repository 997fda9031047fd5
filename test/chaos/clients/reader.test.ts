import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, expect, it } from "vitest";
import { createFindings } from "../judge/findings.ts";
import { portOf } from "../links/port-of.ts";
import { openCourt } from "../run/court.ts";
import { foundTown } from "../town/town.ts";
import type { Common } from "./clients.ts";
import { createReader } from "./reader.ts";

const HEADERS = { "Nearkey-Coherent": "?1", Age: "1", "Cache-Status": "nearkey; hit" };
/** Whoever has these chances reads the first person's friends page by page, one row each. */
const BY_PAGES = { int: (n: number) => (n === 10 ? 2 : 0) };

let server: Server | undefined;
afterEach(() => server?.close());

/** What is found where a frontend answers so, and how often it was asked. */
async function readFrom(answer: RequestListener) {
  let asked = 0;
  const listening = createServer((req, res) => {
    asked++;
    answer(req, res);
  });
  server = listening;
  await new Promise<void>((resolve) => void listening.listen(0, "127.0.0.1", resolve));
  const frontend = { name: "f", url: `http://127.0.0.1:${portOf(listening)}`, pid: 1 };
  const findings = createFindings();
  const court = openCourt({ initial: new Map(), rules: { boundMs: 3_000, countersHold: true }, findings });
  const common: Common = {
    ...court,
    town: foundTown(),
    backends: [],
    frontends: [frontend],
    chance: BY_PAGES,
    underWay: new Map(),
  };
  await createReader(common).readSomething(frontend);
  const { reads, readErrors } = court.tally.total();
  return { asked, readErrors, hits: reads.hit, found: findings.first.map(({ kind, words }) => `${kind}: ${words}`) };
}

it("a page link that leads to itself is followed to as many pages as there can be", async () => {
  const { asked, found } = await readFrom((_, res) =>
    res.writeHead(200, { ...HEADERS, Link: '<?limit=1>; rel="next"' }).end("[]"),
  );
  const others = foundTown().circles[0]?.people[0]?.others.length ?? 0;
  expect(asked).toBe(others + 1);
  expect(found).toEqual([expect.stringMatching(/^malformed: f .*: a page after the last$/)]);
});

it("half a JSON text with status 200 is a malformed answer, and no error of reading", async () => {
  const { found, hits, readErrors } = await readFrom((_, res) => res.writeHead(200, HEADERS).end('[{"user_id":'));
  expect(found).toEqual([expect.stringMatching(/^malformed: .*: no JSON: /)]);
  expect([hits, readErrors]).toEqual([0, 0]);
});

it("503 and a connection that ends are errors of reading, and nothing wrong", async () => {
  const unavailable = await readFrom((_, res) => res.writeHead(503).end("{}"));
  const reset = await readFrom((_, res) => res.destroy());
  expect([unavailable, reset]).toEqual(Array(2).fill({ asked: 1, readErrors: 1, hits: 0, found: [] }));
});

it("any other status is wrong", async () => {
  const { found } = await readFrom((_, res) => res.writeHead(500).end("{}"));
  expect(found).toEqual([expect.stringMatching(/^unexpected status: .*: 500 /)]);
});
