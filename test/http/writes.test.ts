import { describe, expect, test } from "vitest";
import { backendRouter } from "../../src/http/backend-router.ts";
import { fakeWriter } from "./fake-writer.ts";
import { type Reply, send, serving } from "./server.ts";
import { tables } from "./social.ts";

interface Sent {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Sends one write, and tells what came of it: the reply, and the mutations that reached the writer, without their tables. */
async function write(
  method: string,
  path: string,
  { headers, body }: Sent = {},
): Promise<Reply & { wrote: unknown[] }> {
  const writer = fakeWriter();
  const url = await serving(backendRouter({ writer, tables }));
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const reply = await send(url, path, { method, headers: { ...json, ...headers }, ...text });
  return { ...reply, wrote: writer.written.map((m) => ({ ...m, table: m.table.name })) };
}

describe("PUT", () => {
  test("makes the row what the body says: a column left out becomes empty", async () => {
    const { status, headers, text, wrote } = await write("PUT", "/users/42", { body: { name: "Ada" } });
    expect(wrote).toEqual([{ op: "insert", table: "users", key: { id: 42 }, set: { name: "Ada", email: null } }]);
    expect([status, headers["nearkey-position"], headers["cache-control"]]).toEqual([200, "e1.8", "no-store"]);
    expect(JSON.parse(text)).toEqual({ position: "e1.8", applied: true, timestampMicros: 1_700_000_000_000_000 });
    expect(headers["x-powered-by"]).toBeUndefined();
  });

  test("takes back what was read, key and all", async () => {
    const { wrote } = await write("PUT", "/users/42", { body: { id: 42, name: null, email: "a@b.c" } });
    expect(wrote).toEqual([{ op: "insert", table: "users", key: { id: 42 }, set: { name: null, email: "a@b.c" } }]);
  });

  test("refuses a body that names another row", async () => {
    const { status, text, wrote } = await write("PUT", "/friendships/42/7", { body: { user_id: 43, friend_id: 8 } });
    expect([status, wrote]).toEqual([400, []]);
    expect(JSON.parse(text).errors.map((e: { pointer: string }) => e.pointer)).toEqual(["#/user_id", "#/friend_id"]);
  });

  test("leaves static columns alone, unless the body has them", async () => {
    const path = "/rooms/tea/2026-11-21T12:00:00.000Z/00000000-0000-4000-8000-000000000000";
    const { wrote } = await write("PUT", path, { body: {} });
    expect(wrote).toMatchObject([{ set: { said: null } }]);
    expect((await write("PUT", path, { body: { topic: "cake" } })).wrote).toMatchObject([
      { set: { said: null, topic: "cake" } },
    ]);
  });

  test("with If-None-Match: * writes only where there is no row, and nothing that is empty", async () => {
    const headers = { "if-none-match": "*" };
    const { status, wrote } = await write("PUT", "/users/42", { headers, body: { name: "Ada" } });
    expect(status).toBe(201);
    expect(wrote).toEqual([
      { op: "insert", table: "users", key: { id: 42 }, set: { name: "Ada" }, condition: { kind: "notExists" } },
    ]);
  });

  test("with If-Match: * replaces only a row that is there", async () => {
    const { status, wrote } = await write("PUT", "/users/42", { headers: { "if-match": "*" }, body: { name: "Ada" } });
    expect(status).toBe(200);
    expect(wrote).toEqual([
      {
        op: "update",
        table: "users",
        key: { id: 42 },
        set: { name: "Ada", email: null },
        condition: { kind: "exists" },
      },
    ]);
  });

  test("takes a lifetime", async () => {
    expect((await write("PUT", "/users/42?ttl=60", { body: {} })).wrote).toMatchObject([{ ttlSeconds: 60 }]);
  });

  test("reads the key from the path as any type writes it", async () => {
    const { wrote } = await write("PUT", "/odd/-9007199254740993/0x00ff/true", { body: { note: "Zoë 🦊" } });
    expect(wrote).toMatchObject([
      { key: { big: "-9007199254740993", bytes: "AP8=", flag: true }, set: { note: "Zoë 🦊" } },
    ]);
    expect((await write("PUT", "/users_by_email/a%2Fb%40c.de_", { body: { user_id: 1 } })).wrote).toMatchObject([
      { key: { email: "a/b@c.de_" } },
    ]);
  });
});

describe("PATCH", () => {
  test("sets the columns of the body only; null empties one", async () => {
    const { status, wrote } = await write("PATCH", "/users/42?ttl=9", { body: { email: null } });
    expect(status).toBe(200);
    expect(wrote).toEqual([{ op: "update", table: "users", key: { id: 42 }, set: { email: null }, ttlSeconds: 9 }]);
  });

  test("with If-Match: * sets them only where there is a row", async () => {
    const { wrote } = await write("PATCH", "/users/42", { headers: { "if-match": "*" }, body: { email: "a" } });
    expect(wrote).toMatchObject([{ op: "update", condition: { kind: "exists" } }]);
  });

  test("of a row of counters adds to them", async () => {
    const path = "/likes/00000000-0000-4000-8000-000000000000";
    const { status, wrote } = await write("PATCH", path, { body: { likes: "1", views: "-9223372036854775808" } });
    expect(status).toBe(200);
    expect(wrote).toMatchObject([{ op: "increment", by: { likes: "1", views: "-9223372036854775808" } }]);
  });

  test("of a partition sets its static columns", async () => {
    const { wrote } = await write("PATCH", "/rooms/tea", { body: { topic: "cake", room: "tea" } });
    expect(wrote).toEqual([{ op: "update", table: "rooms", key: { room: "tea" }, set: { topic: "cake" } }]);
  });

  test("that sets nothing is refused", async () => {
    const { status, text, wrote } = await write("PATCH", "/users/42", { body: { id: 42 } });
    expect([status, wrote]).toEqual([422, []]);
    expect(JSON.parse(text)).toMatchObject({ type: "urn:nearkey:problem:invalid-write", code: "E_MUTATION" });
    expect((await write("PATCH", "/likes/00000000-0000-4000-8000-000000000000", { body: {} })).status).toBe(422);
  });
});

describe("DELETE", () => {
  test("of a whole key deletes the row, and answers 204 with the position", async () => {
    const { status, headers, text, wrote } = await write("DELETE", "/friendships/42/7");
    expect([status, text, headers["nearkey-position"], headers["content-length"]]).toEqual([
      204,
      "",
      "e1.8",
      undefined,
    ]);
    expect(wrote).toEqual([{ op: "delete", table: "friendships", key: { user_id: 42, friend_id: 7 } }]);
    expect((await write("DELETE", "/users/42")).wrote).toMatchObject([{ op: "delete" }]);
  });

  test("of a partition key deletes the partition", async () => {
    expect((await write("DELETE", "/friendships/42")).wrote).toEqual([
      { op: "deletePartition", table: "friendships", key: { user_id: 42 } },
    ]);
  });

  test("with If-Match: * deletes only a row that is there", async () => {
    const { wrote } = await write("DELETE", "/friendships/42/7", { headers: { "if-match": "*" } });
    expect(wrote).toMatchObject([{ op: "delete", condition: { kind: "exists" } }]);
  });
});

describe("a write that cannot be asked for", () => {
  test.each([
    ["GET", "/users/42", "PUT, PATCH, DELETE"],
    ["POST", "/users/42", "PUT, PATCH, DELETE"],
    ["PUT", "/likes/00000000-0000-4000-8000-000000000000", "PATCH, DELETE"],
    ["PUT", "/friendships/42", "DELETE"],
    ["PATCH", "/friendships/42", "DELETE"],
    ["PUT", "/rooms/tea", "PATCH, DELETE"],
    ["PUT", "/batch", "POST"],
  ])("with %s %s is 405", async (method, path, allow) => {
    const { status, headers, wrote } = await write(method, path);
    expect([status, headers.allow, wrote]).toEqual([405, allow, []]);
  });

  test.each([
    "/users",
    "/nobody/1",
    "/users/1/2",
    "/rooms/tea/2026-11-21T12:00:00.000Z",
    "/",
    "/batch/1",
    "/__proto__/1",
  ])("of %s goes on to the application", async (path) => {
    const { status, headers, wrote } = await write("DELETE", path);
    expect([status, headers["content-type"], wrote]).toEqual([404, "text/html; charset=utf-8", []]);
  });

  test.each([
    ["PUT", "/users/x", {}],
    ["PUT", "/users/42?ttl=0", {}],
    ["PUT", "/users/42?ttl=-1", {}],
    ["PUT", "/users/42?ttl=1.5", {}],
    ["PUT", "/users/42?ttl=", {}],
    ["PUT", "/users/42?ttl=1&ttl=2", {}],
    ["PUT", "/users/42?ttl=9999999999", {}],
    ["PUT", "/users/42?TTL=1", {}],
    ["PUT", "/users/42?%ff", {}],
    ["DELETE", "/users/42?ttl=1", undefined],
    ["DELETE", "/users/%ff", undefined],
    ["PATCH", "/likes/00000000-0000-4000-8000-000000000000?ttl=1", { likes: "1" }],
  ])("because of a parameter of %s %s is 400", async (method, path, body) => {
    const { status, text, wrote } = await write(method, path, { body });
    expect([status, wrote]).toEqual([400, []]);
    expect(JSON.parse(text).type).toBe("urn:nearkey:problem:bad-parameter");
  });

  test.each([
    ["PUT", "/users/42", { "if-match": '"tag"' }],
    ["PUT", "/users/42", { "if-none-match": '"tag"' }],
    ["PUT", "/users/42", { "if-match": "*", "if-none-match": "*" }],
    ["PATCH", "/users/42", { "if-none-match": "*" }],
    ["DELETE", "/users/42", { "if-none-match": "*" }],
    ["DELETE", "/friendships/42", { "if-match": "*" }],
    ["DELETE", "/likes/00000000-0000-4000-8000-000000000000", { "if-match": "*" }],
    ["POST", "/batch", { "if-match": "*" }],
  ])(
    "because %s %s cannot evaluate the precondition is 400: it must not be passed over",
    async (method, path, headers) => {
      const { status, text, wrote } = await write(method, path, { headers, body: {} });
      expect([status, wrote]).toEqual([400, []]);
      expect(JSON.parse(text).type).toBe("urn:nearkey:problem:unsupported-precondition");
    },
  );

  test("with a TTL on a table declared without is 422", async () => {
    const { status, text } = await write("PUT", "/users_by_email/a?ttl=5", { body: { user_id: 1 } });
    expect([status, JSON.parse(text).code]).toEqual([422, "E_MUTATION"]);
  });
});
