import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/engine/near-cache.ts";
import { frontendRouter } from "../../src/http/frontend-router.ts";
import { fakeCache, stillClock } from "./fake-cache.ts";
import { send, serving } from "./server.ts";
import { keys } from "./social.ts";

const ADA = { id: 42, name: "Ada", email: null };

const frontend = (setup: Parameters<typeof fakeCache>[0]): Promise<string> =>
  serving(frontendRouter({ cache: fakeCache(setup), keys, clock: stillClock }));

describe("a value", () => {
  test("comes as its JSON, with where it came from and how old it can be", async () => {
    const url = await frontend({ values: { users_42: ADA } });
    const response = await fetch(`${url}/users/42`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(ADA);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/json",
      "content-length": String(JSON.stringify(ADA).length),
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
      "cache-control": "private, no-cache",
      "cache-status": "nearkey; hit; ttl=3541",
      age: "2",
      "nearkey-position": "e1.7",
      "accept-ranges": "none",
    });
    expect(response.headers.has("x-powered-by")).toBe(false);
  });

  test("comes whole although a range was asked for", async () => {
    const url = await frontend({ values: { users_42: ADA } });
    const response = await fetch(`${url}/users/42`, { headers: { range: "bytes=0-3" } });
    expect([response.status, await response.json()]).toEqual([200, ADA]);
  });

  test("is described by HEAD with the same headers and no body", async () => {
    const url = await frontend({ values: { users_42: { ...ADA, name: "Zoë 🦊" } } });
    const { date: _, ...got } = (await send(url, "/users/42")).headers;
    const head = await send(url, "/users/42", { method: "HEAD" });
    expect(head.headers).toMatchObject(got);
    expect([head.status, head.text]).toEqual([200, ""]);
  });

  test("may be cached as its key says", async () => {
    const url = await frontend({ values: { rooms_tea: [] } });
    expect((await fetch(`${url}/rooms/tea`)).headers.get("cache-control")).toBe("public, max-age=1");
  });

  test("of a key without parameters is served too", async () => {
    const url = await frontend({ values: { greeting: "hello" } });
    expect(await (await fetch(`${url}/greeting`)).json()).toBe("hello");
  });

  test("that is null is a value, and not missing", async () => {
    const url = await frontend({ values: { greeting: null } });
    expect(await (await fetch(`${url}/greeting`)).text()).toBe("null");
  });

  test("that does not exist is a 404 problem, which says as much as an answer", async () => {
    const url = await frontend({});
    const response = await fetch(`${url}/users/7`, { headers: { "if-none-match": "*" } });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      type: "urn:nearkey:problem:not-found",
      title: "There is no such row",
      status: 404,
      detail: "No such row",
      key: "users_7",
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/problem+json",
      "cache-control": "private, no-cache",
      "cache-status": "nearkey; hit; ttl=3541",
      age: "2",
      "nearkey-position": "e1.7",
    });
    expect(response.headers.has("etag")).toBe(false);
  });

  test("says no position before the log was reached, and the oldest age without proof", async () => {
    const url = await frontend({ values: { users_42: ADA }, say: () => ({ position: undefined, ageMs: Infinity }) });
    const { headers } = await fetch(`${url}/users/42`);
    expect([headers.get("nearkey-position"), headers.get("age")]).toEqual([null, "2147483648"]);
  });
});

describe("Cache-Status", () => {
  const said: readonly (readonly [string, Partial<Answer>])[] = [
    ["nearkey; hit; ttl=3541", { source: "hit" }],
    ["nearkey; hit", { source: "hit", expiresAtMs: Number.POSITIVE_INFINITY }],
    ["nearkey; hit; ttl=3541; detail=unproven", { source: "unproven", detail: "unproven" }],
    ["nearkey; fwd=uri-miss; stored", { source: "miss" }],
    ["nearkey; fwd=uri-miss; stored=?0; detail=raced", { source: "miss", stored: false, detail: "raced" }],
    ["nearkey; fwd=uri-miss; collapsed", { source: "joined" }],
    ["nearkey; fwd=uri-miss; collapsed; stored=?0; detail=raced", { source: "joined", stored: false, detail: "raced" }],
    ["nearkey; fwd=stale; detail=unproven", { source: "bypass", stored: false, detail: "unproven" }],
    ["nearkey; fwd=bypass; detail=off", { source: "bypass", stored: false, detail: "off" }],
    ["nearkey; fwd=request; stored", { source: "refresh" }],
    ["nearkey; fwd=request; detail=min-position", { source: "behind", stored: false, detail: "min-position" }],
  ];
  test.each(said)("is %s", async (line, answer) => {
    const url = await frontend({ values: { users_42: ADA }, say: () => answer });
    expect((await fetch(`${url}/users/42`)).headers.get("cache-status")).toBe(line);
  });
});

describe("Nearkey-Coherent", () => {
  test.each([
    [true, "?1"],
    [false, "?0"],
  ])("says whether the promise covers the answer: %s is %s, also for 304 and 404", async (coherent, said) => {
    const url = await frontend({ values: { users_42: ADA }, say: () => ({ coherent }) });
    const { headers } = await fetch(`${url}/users/42`);
    expect(headers.get("nearkey-coherent")).toBe(said);
    const again = await fetch(`${url}/users/42`, { headers: { "if-none-match": headers.get("etag") ?? "" } });
    expect([again.status, again.headers.get("nearkey-coherent")]).toEqual([304, said]);
    const none = await fetch(`${url}/users/7`);
    expect([none.status, none.headers.get("nearkey-coherent")]).toEqual([404, said]);
  });

  test("of many is no more than of the least of them", async () => {
    const url = await frontend({ say: (keyText) => ({ coherent: keyText !== "users_2" }) });
    expect((await fetch(`${url}/users?id=1&id=3`)).headers.get("nearkey-coherent")).toBe("?1");
    expect((await fetch(`${url}/users?id=1&id=2&id=3`)).headers.get("nearkey-coherent")).toBe("?0");
  });
});

describe("a conditional request", () => {
  const status = async (headers: Record<string, string>): Promise<number> => {
    const url = await frontend({ values: { users_42: ADA } });
    const etag = (await send(url, "/users/42")).headers.etag ?? "";
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace("ETAG", etag)]),
    );
    return (await send(url, "/users/42", { headers: filled })).status;
  };

  test.each([
    ["the tag", { "if-none-match": "ETAG" }, 304],
    ["the tag, while the client wants validation", { "if-none-match": "ETAG", "cache-control": "no-cache" }, 304],
    ["the tag in a list", { "if-none-match": '"a", ETAG , "b,c"' }, 304],
    ["the tag as a proxy weakened it", { "if-none-match": "W/ETAG" }, 304],
    ["anything", { "if-none-match": "*" }, 304],
    ["another tag", { "if-none-match": '"a"' }, 200],
    ["the tag inside another", { "if-none-match": '"xETAGx"' }, 200],
    ["no tag at all", { "if-none-match": "nonsense" }, 200],
    ["the tag to match", { "if-match": "ETAG" }, 200],
    ["anything to match", { "if-match": "*" }, 200],
    ["another tag to match", { "if-match": '"a"' }, 412],
    ["a weak tag to match", { "if-match": "W/ETAG" }, 412],
  ])("that names %s", async (_, headers, expected) => {
    expect(await status(headers)).toBe(expected);
  });

  test("that is answered with 304 has the headers, and neither body nor its length", async () => {
    const url = await frontend({ values: { users_42: ADA } });
    const first = await send(url, "/users/42");
    const again = await send(url, "/users/42", { headers: { "if-none-match": first.headers.etag ?? "" } });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect(again.headers).toMatchObject({
      etag: first.headers.etag,
      "cache-control": "private, no-cache",
      "cache-status": "nearkey; hit; ttl=3541",
      age: "2",
      "nearkey-position": "e1.7",
    });
    expect(again.headers["content-length"]).toBeUndefined();
  });
});
