import { describe, expect, test } from "vitest";
import { frontendRouter } from "../../src/http/frontend-router.ts";
import { defineKeys, int, key, table, text } from "../../src/index.ts";
import { fakeCache, stillClock } from "./fake-cache.ts";
import { send, serving } from "./server.ts";
import { byEmail, keys, users } from "./social.ts";

async function asked(path: string): Promise<{ status: number; asked: readonly string[]; body: string }> {
  const cache = fakeCache({});
  const reply = await send(await serving(frontendRouter({ cache, keys, clock: stillClock })), path);
  return { status: reply.status, asked: cache.asked, body: reply.text };
}

describe("parameters", () => {
  test.each([
    ["/users/by/email/a%2Fb%40c.de", "users_by_email_a%2Fb@c.de"],
    ["/users/by/email/a/b", undefined],
    ["/users/by/email/ann_lee", "users_by_email_ann%5Flee"],
    ["/users/by/email/ann%5Flee", "users_by_email_ann%5Flee"],
    ["/users/by/email/100%25", "users_by_email_100%25"],
    ["/users/by/email/a+b", "users_by_email_a+b"],
    ["/users/by/email/a%20b", "users_by_email_a%20b"],
    ["/users/by/email/%F0%9F%A6%8A%C3%A9", "users_by_email_%F0%9F%A6%8A%C3%A9"],
    ["/users/by/email/__proto__", "users_by_email_%5F%5Fproto%5F%5F"],
    ["/users/by/email/%00", "users_by_email_%00"],
    ["/users/by/email/..", "users_by_email_.."],
    ["/users/by/email/", "users_by_email_"],
    ["/%75sers/42", "users_42"],
    ["/users/-2147483648", "users_-2147483648"],
    ["/odd/-9223372036854775808/0x00ff/true", "odd_-9223372036854775808_0x00ff_true"],
    ["/odd/9007199254740993/0x/false", "odd_9007199254740993_0x_false"],
    ["/users/1/friends/count", "users_1_friends_count"],
    ["/users/1/friends/2", "users_1_friends_2"],
    ["http://example.org/users/42?", "users_42"],
  ])("of %s are those of %s", async (path, keyText) => {
    expect((await asked(path)).asked).toEqual(keyText === undefined ? [] : [keyText]);
  });

  test.each([
    ["/users/abc"],
    ["/users/042"],
    ["/users/+42"],
    ["/users/-0"],
    ["/users/4.0"],
    ["/users/1e3"],
    ["/users/2147483648"],
    ["/users/%2042"],
    ["/users/%"],
    ["/users/%ff"],
    ["/users/"],
    ["/users/by/email/%ed%a0%80"],
    ["/odd/9223372036854775808/0x/true"],
    ["/odd/1/0xFF/true"],
    ["/odd/1/0x/yes"],
    ["/users/42?limit=1"],
    ["/users/42?%ff"],
    ["/users/42?__proto__=1"],
  ])("of %s are refused before anything is read", async (path) => {
    const { status, asked: read, body } = await asked(path);
    expect([status, read]).toEqual([400, []]);
    expect(JSON.parse(body)).toMatchObject({ type: "urn:nearkey:problem:bad-parameter", status: 400 });
  });

  test("that are wrong are all named", async () => {
    const { body } = await asked("/odd/x/0xFF/true");
    expect(JSON.parse(body).errors).toEqual([
      { parameter: "big", detail: '"x" is not the canonical text of any bigint' },
      { parameter: "bytes", detail: '"0xFF" is not the canonical text of any blob' },
    ]);
  });

  test("that are very long are not repeated", async () => {
    expect((await asked(`/users/${"9".repeat(5000)}`)).body.length).toBeLessThan(1000);
  });
});

describe("many of a key", () => {
  const many = async (path: string) => {
    const cache = fakeCache({
      values: { users_1: { id: 1 }, users_2: { id: 2 }, "users_by_email_a,b": { user_id: 3 } },
      say: (keyText) =>
        keyText === "users_2" ? { source: "miss", ageMs: 0, expiresAtMs: 1_007_000 } : { ageMs: 5_000 },
    });
    const url = await serving(frontendRouter({ cache, keys, clock: stillClock }));
    return { ...(await send(url, path)), asked: cache.asked };
  };

  test("come in the order asked, with null for absent rows, and repeated as asked", async () => {
    const reply = await many("/users?id=2&id=9&id=1&id=2");
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, [{ id: 2 }, null, { id: 1 }, { id: 2 }]]);
    expect(reply.headers).toMatchObject({
      "cache-status": "nearkey; fwd=uri-miss; stored",
      age: "5",
      "nearkey-position": "e1.7",
      "cache-control": "private, no-cache",
    });
  });

  test("are a hit if each is, for as long as the first to end", async () => {
    expect((await many("/users?id=1&id=9")).headers["cache-status"]).toBe("nearkey; hit; ttl=3541");
  });

  test("have a tag of their own: other rows, or another order, is another", async () => {
    const tags = await Promise.all(
      ["/users?id=1&id=2", "/users?id=2&id=1", "/users?id=1", "/users?id=1&id=9"].map(
        async (p) => (await many(p)).headers.etag,
      ),
    );
    expect(new Set(tags).size).toBe(4);
    const url = await serving(frontendRouter({ cache: fakeCache({}), keys, clock: stillClock }));
    const { etag = "" } = (await send(url, "/users?id=1")).headers;
    expect((await send(url, "/users?id=1", { headers: { "if-none-match": etag } })).status).toBe(304);
  });

  test("may leave out all but their last parameter's path", async () => {
    expect((await many("/users/1/friends?friend=2&friend=3")).asked).toEqual([
      "users_1_friends_2",
      "users_1_friends_3",
    ]);
    expect((await many("/odd/1/0x?flag=true")).asked).toEqual(["odd_1_0x_true"]);
    expect((await many("/users/by/email?email=a%2Cb&email=a+b")).asked).toEqual([
      "users_by_email_a%2Cb",
      "users_by_email_a%20b",
    ]);
  });

  test.each([
    ["/users", "Name at least one, as in ?id=..."],
    ["/users?", "Name at least one, as in ?id=..."],
    ["/users?name=1", "Name at least one, as in ?id=..."],
    ["/users?id=1&limit=2", "Known are id"],
    ["/users?id=", '"" is not the canonical text of any int'],
    ["/users?id=1,2", '"1,2" is not the canonical text of any int'],
    ["/users?id=1&id=x", '"x" is not the canonical text of any int'],
    [`/users?${"id=1&".repeat(101)}`, "101 values; ask for at most 100 at once"],
  ])("asked for with %.40s are refused", async (path, detail) => {
    const reply = await many(path);
    expect([reply.status, reply.asked]).toEqual([400, []]);
    expect(JSON.parse(reply.text).errors[0].detail).toBe(detail);
  });

  test("take a hundred at once", async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `id=${i}`).join("&");
    expect(JSON.parse((await many(`/users?${ids}`)).text)).toHaveLength(100);
  });

  test("do not hide that a list is longer than its bound", async () => {
    const cache = fakeCache({ values: { rooms_tea: [1, 2, 3] }, maxRows: 2 });
    const reply = await send(await serving(frontendRouter({ cache, keys, clock: stillClock })), "/rooms?room=tea");
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([422, { key: "rooms_tea" }]);
  });
});

describe("paths", () => {
  test("prefer a word to a parameter, and go back where the word leads nowhere", async () => {
    const names = table("names", { name: text, id: int }, { partition: ["name"] });
    const overlapping = defineKeys({
      name: key("names_{name}").row(names),
      count: key("total_{name}").count(names, { name: "name" }).path("/names/total/:name"),
      user: key("people_{id}").row(users).path("/people@home/:id"),
    });
    const cache = fakeCache({});
    const url = await serving(frontendRouter({ cache, keys: overlapping, clock: stillClock }));
    await send(url, "/names/total/a");
    await send(url, "/names/total");
    await send(url, "/names/total?name=a");
    await send(url, "/people%40home/1");
    expect(cache.asked).toEqual(["total_a", "names_total", "total_a", "people_1"]);
  });

  test("of a key whose parameter is called limit have no form for many", async () => {
    const limited = defineKeys({ one: key("emails_{limit}").row(byEmail, { email: "limit" }) });
    const cache = fakeCache({});
    const url = await serving(frontendRouter({ cache, keys: limited, clock: stillClock }));
    expect((await send(url, "/emails?limit=1")).headers["content-type"]).toMatch("text/html");
  });
});
