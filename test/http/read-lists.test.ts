import { describe, expect, test } from "vitest";
import { frontendRouter } from "../../src/http/frontend-router.ts";
import { type FakeCache, fakeCache, stillClock } from "./fake-cache.ts";
import { send, serving } from "./server.ts";
import { keys } from "./social.ts";

const FRIENDS = [7, 8, 9, 10, 11].map((friend_id) => ({ user_id: 42, friend_id, since: null }));

async function frontend(setup: Parameters<typeof fakeCache>[0]): Promise<{ url: string; cache: FakeCache }> {
  const cache = fakeCache({ values: { users_42_friends: FRIENDS }, ...setup });
  return { url: await serving(frontendRouter({ cache, keys, clock: stillClock })), cache };
}

/** Follows the links to the end, as a client does. */
async function pagesFrom(start: string): Promise<readonly (readonly unknown[])[]> {
  const pages: unknown[][] = [];
  for (let next: string | undefined = start; next !== undefined; ) {
    const response: Response = await fetch(next);
    expect(response.status).toBe(200);
    pages.push(JSON.parse(await response.text()));
    const target = /^<([^>]*)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1];
    next = target === undefined ? undefined : new URL(target, response.url).href;
  }
  return pages;
}

describe("a list", () => {
  test("comes whole if no page is asked for", async () => {
    const { url, cache } = await frontend({});
    const response = await fetch(`${url}/users/42/friends`);
    expect(await response.json()).toEqual(FRIENDS);
    expect(response.headers.has("link")).toBe(false);
    expect(cache.asked).toEqual(["users_42_friends"]);
  });

  test("that is empty is an empty array, and not missing", async () => {
    const { url } = await frontend({ values: { users_42_friends: [] } });
    const response = await fetch(`${url}/users/42/friends`);
    expect([response.status, await response.text()]).toEqual([200, "[]"]);
  });

  test("over its bound comes by its first page", async () => {
    const rows = Array.from({ length: 2500 }, (_, friend_id) => ({ user_id: 42, friend_id }));
    const { url } = await frontend({ values: { users_42_friends: rows }, maxRows: 2000 });
    const pages = await pagesFrom(`${url}/users/42/friends`);
    expect(pages.map((page) => page.length)).toEqual([1000, 1000, 500]);
    expect(pages.flat()).toEqual(rows);
  });

  test("comes page by page, each row once", async () => {
    const { url } = await frontend({});
    const pages = await pagesFrom(`${url}/users/42/friends?limit=2`);
    expect(pages).toEqual([FRIENDS.slice(0, 2), FRIENDS.slice(2, 4), FRIENDS.slice(4)]);
    expect(await pagesFrom(`${url}/users/42/friends?limit=5`)).toEqual([FRIENDS]);
    expect(await pagesFrom(`${url}/users/42/friends?limit=1000`)).toEqual([FRIENDS]);
    expect(await pagesFrom(`${url}/users/42/friends?after=8`)).toEqual([FRIENDS.slice(2)]);
    expect(await pagesFrom(`${url}/users/42/friends?after=11`)).toEqual([[]]);
  });

  test("links to its next page relative to this one, and keeps the limit", async () => {
    const { url } = await frontend({});
    const { headers } = await send(url, "/users/42/friends?after=7&limit=2");
    expect(headers.link).toBe('<?limit=2&after=9>; rel="next"');
  });

  test("passes every clustering column that it leaves open to the cursor", async () => {
    const at = "2026-11-21T12:00:00.000Z";
    const id = "00000000-0000-4000-8000-00000000000f";
    const rows = [1, 2].map((i) => ({ room: "tea", at, id: `${id.slice(0, -1)}${i}`, topic: null, said: null }));
    const { url, cache } = await frontend({ values: { rooms_tea: rows } });
    const { headers } = await send(url, "/rooms/tea?limit=1");
    expect(headers.link).toBe(`<?limit=1&after=2026-11-21T12%3A00%3A00.000Z_${rows[0]?.id}>; rel="next"`);
    expect(await pagesFrom(`${url}/rooms/tea?limit=1`)).toEqual([[rows[0]], [rows[1]]]);
    expect(cache.asked.at(-1)).toBe(`rooms_tea ${JSON.stringify({ limit: 1, after: { at, id: rows[0]?.id } })}`);
  });

  test("has a tag for each page, and answers 304 to it", async () => {
    const { url } = await frontend({});
    const paths = ["", "?limit=2", "?limit=3", "?limit=2&after=8"].map((query) => `/users/42/friends${query}`);
    const etags = await Promise.all(paths.map(async (path) => (await send(url, path)).headers.etag ?? ""));
    expect(new Set(etags).size).toBe(paths.length);
    for (const [i, path] of paths.entries()) {
      const again = await send(url, path, { headers: { "if-none-match": etags[i] ?? "" } });
      expect([again.status, again.text]).toEqual([304, ""]);
    }
    expect((await send(url, "/users/42/friends?limit=2", { headers: { "if-none-match": "*" } })).headers.link).toBe(
      '<?limit=2&after=8>; rel="next"',
    );
  });

  test("is described by HEAD, links included", async () => {
    const { url } = await frontend({});
    const head = await send(url, "/users/42/friends?limit=2", { method: "HEAD" });
    const page = JSON.stringify(FRIENDS.slice(0, 2));
    expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", String(page.length)]);
    expect(head.headers.link).toBe('<?limit=2&after=8>; rel="next"');
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=-1", "limit"],
    ["limit=1001", "limit"],
    ["limit=1.5", "limit"],
    ["limit=", "limit"],
    ["limit=9999999999999999999999", "limit"],
    ["limit=1&limit=2", "limit"],
    ["after=x", "after"],
    ["after=07", "after"],
    ["after=7_8", "after"],
    ["after=", "after"],
    ["after=7&after=8", "after"],
    ["after=__proto__", "after"],
    ["Limit=2", "Limit"],
    ["offset=2", "offset"],
    ["__proto__=2", "__proto__"],
  ])("asked for with ?%s is refused", async (query, parameter) => {
    const { url, cache } = await frontend({});
    const reply = await send(url, `/users/42/friends?${query}`);
    expect([reply.status, cache.asked]).toEqual([400, []]);
    expect(JSON.parse(reply.text).errors[0].parameter).toBe(parameter);
  });

  test("asked for with several faults is told all of them", async () => {
    const { url } = await frontend({});
    const reply = await send(url, "/users/42/friends?limit=0&after=x&page=3");
    expect(JSON.parse(reply.text).errors.map((e: { parameter: string }) => e.parameter)).toEqual([
      "page",
      "limit",
      "after",
    ]);
  });

  test("is what has pages: a count has none", async () => {
    const { url } = await frontend({});
    expect((await send(url, "/users/42/friends/count?limit=2")).status).toBe(400);
  });
});
