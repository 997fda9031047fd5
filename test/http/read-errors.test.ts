import { describe, expect, test } from "vitest";
import { ClosedError, ListTooLongError, OverloadedError } from "../../src/engine/errors.ts";
import { frontendRouter } from "../../src/http/frontend-router.ts";
import { ValueError } from "../../src/index.ts";
import { StoreReadError } from "../../src/ports/store-errors.ts";
import { fakeCache, stillClock } from "./fake-cache.ts";
import { send, sendRaw, serving } from "./server.ts";
import { keys } from "./social.ts";

const reported: unknown[] = [];

const frontend = (setup: Parameters<typeof fakeCache>[0]): Promise<string> => {
  reported.length = 0;
  const onError = (error: unknown): void => void reported.push(error);
  return serving(frontendRouter({ cache: fakeCache(setup), keys, clock: stillClock, onError }));
};

describe("an error of the cache", () => {
  const SECRET = "10.0.0.7 said: Ada";

  test.each([
    [new StoreReadError(SECRET, SECRET), 503, "database-unavailable", "E_STORE_READ", "1"],
    [new OverloadedError(SECRET, SECRET), 503, "overloaded", "E_OVERLOADED", "1"],
    [new ClosedError(SECRET, SECRET), 503, "closing", "E_CLOSED", "1"],
    [new ListTooLongError(SECRET, SECRET), 500, "internal", "E_LIST_TOO_LONG", null],
    [new ValueError("int", SECRET, "more"), 500, "internal", "E_VALUE", null],
    [new TypeError(SECRET), 500, "internal", undefined, null],
    [SECRET, 500, "internal", undefined, null],
  ])("%s is told to the client in our words", async (error, status, kind, code, retryAfter) => {
    const url = await frontend({ fail: () => error });
    const response = await fetch(`${url}/users/42`);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(JSON.parse(text)).toMatchObject({ type: `urn:nearkey:problem:${kind}`, status, key: "users_42" });
    expect(JSON.parse(text).code).toBe(code);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(text).not.toContain("10.0.0.7");
    expect(reported).toEqual(status === 500 ? [error] : []);
  });

  test("has a position all the same: the one asked for, which the client must not lose, else ours", async () => {
    const url = await frontend({ fail: () => new StoreReadError("no", "wait") });
    const positionOf = async (headers: Record<string, string>) =>
      (await fetch(`${url}/users/42`, { headers })).headers.get("nearkey-position");
    expect(await positionOf({})).toBe("e1.7");
    expect(await positionOf({ "nearkey-min-position": "e1.9" })).toBe("e1.9");
    expect(await positionOf({ "nearkey-min-position": "nonsense" })).toBe("e1.7");
    expect((await fetch(`${url}/users/42`, { method: "PUT" })).headers.get("nearkey-position")).toBe("e1.7");
  });

  test("for one of many names that key", async () => {
    const url = await frontend({
      fail: (keyText) => (keyText === "users_2" ? new StoreReadError("no", "wait") : undefined),
    });
    const response = await fetch(`${url}/users?id=1&id=2`);
    expect([response.status, await response.json()]).toMatchObject([503, { key: "users_2" }]);
  });

  test("is answered to HEAD without a body", async () => {
    const url = await frontend({ fail: () => new StoreReadError("no", "wait") });
    const reply = await send(url, "/users/42", { method: "HEAD" });
    expect([reply.status, reply.text]).toEqual([503, ""]);
    expect(reply.headers["content-length"]).not.toBe("0");
  });
});

describe("a request that cannot be answered", () => {
  test("with another method is 405, and says which there are", async () => {
    const url = await frontend({});
    for (const method of ["PUT", "PATCH", "DELETE", "POST", "OPTIONS"]) {
      const response = await fetch(`${url}/users/42`, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    }
  });

  test.each([
    ["text/html", 406],
    ["application/problem+json", 406],
    ["application/json;q=0", 406],
    ["application/json; q=0.000, */*", 406],
    ["application/*;q=0, */*;q=0.1", 406],
    ["*/*", 200],
    ["application/*", 200],
    ["text/html, application/json;q=0.1", 200],
    ["application/json;q=0.5;x=1", 200],
    ["APPLICATION/JSON", 200],
    ["", 200],
  ])("accepting %j is %i", async (accept, status) => {
    const url = await frontend({ values: { users_42: {} } });
    expect((await send(url, "/users/42", { headers: { accept } })).status).toBe(status);
  });

  test("with a URI over 8 KiB is 414, and with a header over 16 KiB 431", async () => {
    const url = await frontend({});
    expect((await send(url, `/users/42?x=${"y".repeat(9000)}`)).status).toBe(414);
    expect(await sendRaw(url, `GET /users/42 HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(17_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    );
  });

  test("that is no HTTP is 400", async () => {
    const url = await frontend({});
    expect(await sendRaw(url, "GET  users 42\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  });

  test("for a key that would be too long is 400", async () => {
    const url = await frontend({});
    const response = await fetch(`${url}/users/by/email/${"a".repeat(1100)}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: "urn:nearkey:problem:key-too-long", code: "E_KEY_TOO_LONG" });
  });

  test("for a path that is no key's goes on to the application", async () => {
    const url = await frontend({});
    for (const path of [
      "/",
      "/nobody",
      "/users/42/",
      "/users/42/enemies",
      "//users/42",
      "/users/1/friends/2/3",
      "/%ff",
    ]) {
      const reply = await send(url, path);
      expect([path, reply.status, reply.headers["content-type"]]).toEqual([path, 404, "text/html; charset=utf-8"]);
    }
  });
});
