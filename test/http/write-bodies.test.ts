import { gzipSync } from "node:zlib";
import express from "express";
import { describe, expect, test } from "vitest";
import { backendRouter } from "../../src/http/backend-router.ts";
import { MAX_BODY_BYTES } from "../../src/http/json-body.ts";
import { fakeWriter } from "./fake-writer.ts";
import { sendRaw, serving } from "./server.ts";
import { tables } from "./social.ts";

interface Sent {
  readonly type?: string | undefined;
  readonly headers?: Record<string, string>;
}

async function put(
  body: string | Uint8Array | ReadableStream | undefined,
  { type = "application/json", headers }: Sent = {},
) {
  const writer = fakeWriter();
  const url = await serving(backendRouter({ writer, tables }));
  const response = await fetch(`${url}/users/42`, {
    method: "PUT",
    headers: { ...(type !== "" && { "content-type": type }), ...headers },
    ...(body !== undefined && { body, duplex: "half" }),
  });
  const text = await response.text();
  return { status: response.status, problem: JSON.parse(text), headers: response.headers, wrote: writer.written };
}

describe("a body", () => {
  test.each([
    ["application/json", 200],
    ["Application/JSON; charset=UTF-8", 200],
    ['application/json;charset="utf-8"', 200],
    ["application/json; charset=latin1", 415],
    ["text/plain", 415],
    ["application/jsonp", 415],
    ["application/merge-patch+json", 415],
    ["application/x-www-form-urlencoded", 415],
  ])("of type %s is %i", async (type, status) => {
    expect((await put("{}", { type })).status).toBe(status);
  });

  test.each<[string | Uint8Array | undefined, string]>([
    ["", "empty"],
    [undefined, "none"],
    ["{", "cut short"],
    ["{'a':1}", "JavaScript"],
    ["NaN", "no number"],
    [new Uint8Array([0x22, 0xff, 0x22]), "not UTF-8"],
    [new Uint8Array([0x7b, 0, 0x7d, 0]), "UTF-16"],
  ])("%j (%s) is malformed", async (body) => {
    const { status, problem, wrote } = await put(body);
    expect([status, problem.type, wrote]).toEqual([400, "urn:nearkey:problem:malformed-body", []]);
  });

  test.each([["[]"], ["null"], ["42"], ['"x"'], ["true"]])("%s is no object of columns", async (body) => {
    expect((await put(body)).problem).toMatchObject({ status: 400, errors: [{ pointer: "#" }] });
  });

  test("of 1 MiB is read, and one byte more is not", async () => {
    const ofBytes = (n: number): string => `{"name":"${"a".repeat(n - 11)}"}`;
    expect((await put(ofBytes(MAX_BODY_BYTES))).status).toBe(200);
    const { status, problem, wrote } = await put(ofBytes(MAX_BODY_BYTES + 1));
    expect([status, problem.type, wrote]).toEqual([413, "urn:nearkey:problem:body-too-large", []]);
  });

  test("that does not say how large it is may be no larger", async () => {
    const stream = new Blob([`{"name":"${"a".repeat(MAX_BODY_BYTES)}"}`]).stream();
    expect((await put(stream)).status).toBe(413);
    expect((await put(new Blob(['{"name":"a"}']).stream())).status).toBe(200);
  });

  test("that says to be larger than 1 MiB is not waited for", async () => {
    const url = await serving(backendRouter({ writer: fakeWriter(), tables }));
    const head =
      "PUT /users/42 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n";
    expect(await sendRaw(url, head)).toMatch(/^HTTP\/1.1 413 /);
  });

  test("that is compressed is 415: a small one may be very large", async () => {
    const { status, problem } = await put(gzipSync("{}"), { headers: { "content-encoding": "gzip" } });
    expect([status, problem.type]).toEqual([415, "urn:nearkey:problem:unsupported-media-type"]);
  });

  test("with every fault is told every fault, each with its place", async () => {
    const { status, problem, wrote } = await put('{"name":1,"email":{},"nmae":"x","a/b~c é":1,"id":"42"}');
    expect([status, wrote]).toEqual([400, []]);
    expect(problem.type).toBe("urn:nearkey:problem:invalid-body");
    expect(problem.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual([
      "#/a~1b~0c%20%C3%A9",
      "#/email",
      "#/id",
      "#/name",
      "#/nmae",
    ]);
  });

  test("with __proto__, constructor or half a surrogate pair as a name is refused as any unknown name", async () => {
    for (const name of ["__proto__", "constructor", "toString", "\\ud800"]) {
      const { status, problem, wrote } = await put(`{"name":"x","${name}":{"email":"evil"}}`);
      expect([status, problem.errors.length, wrote]).toEqual([400, 1, []]);
    }
    expect(Object.hasOwn(Object.prototype, "email")).toBe(false);
  });

  test("is not coerced: 42 is no text, and a lone surrogate is none either", async () => {
    for (const body of ['{"name":42}', '{"name":true}', '{"name":["a"]}', '{"name":"\\ud800"}']) {
      expect([body, (await put(body)).status]).toEqual([body, 400]);
    }
  });

  test("with a thousand unknown names is answered with a hundred faults", async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `"x${i}":1`);
    expect((await put(`{${names}}`)).problem.errors).toHaveLength(100);
  });

  test("that the application has parsed already is taken as it is", async () => {
    const writer = fakeWriter();
    const url = await serving(express.Router().use(express.json()), backendRouter({ writer, tables }));
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/users/42`, { method: "PUT", headers, body: '{"name":"Ada"}' });
    expect([response.status, writer.written]).toMatchObject([200, [{ set: { name: "Ada" } }]]);
  });

  test("sent with DELETE is not read", async () => {
    const writer = fakeWriter();
    const url = await serving(backendRouter({ writer, tables }));
    expect((await fetch(`${url}/users/42`, { method: "DELETE", body: "{" })).status).toBe(204);
  });
});
