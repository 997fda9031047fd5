import { describe, expect, test } from "vitest";
import { wantedPosition } from "../../src/http/position-headers.ts";
import { insert } from "../../src/index.ts";
import { formatPosition } from "../../src/protocol/position.ts";
import { embeddedOverHttp } from "./embedded-over-http.ts";
import { send } from "./server.ts";
import { users } from "./social.ts";

const BEHIND = "nearkey; fwd=request; detail=min-position";

describe("a client that sends back the position of its write", () => {
  test("reads its write from a frontend that has not heard of it, again and again, whichever position it keeps", async () => {
    const { get, write, frontendLog } = await embeddedOverHttp();
    await write("PUT", "/users/42", { name: "Ada" });
    await get("/users/42");
    frontendLog.disconnect();
    const written = await write("PATCH", "/users/42", { name: "Grace" });
    let position = String(written.headers["nearkey-position"]);
    for (let i = 0; i < 3; i++) {
      const read = await get("/users/42", { "nearkey-min-position": position });
      expect([read.headers["cache-status"], JSON.parse(read.text).name]).toEqual([BEHIND, "Grace"]);
      position = String(read.headers["nearkey-position"]);
    }
    const none = await get("/users/42");
    expect(JSON.parse(none.text).name, "the frontend is behind, so this test means something").toBe("Ada");
  });

  test("reads from memory once the frontend has heard of it", async () => {
    const { get, write } = await embeddedOverHttp();
    const written = await write("PUT", "/users/42", { name: "Ada" });
    const headers = { "nearkey-min-position": String(written.headers["nearkey-position"]) };
    expect((await get("/users/42", headers)).headers["cache-status"]).toBe("nearkey; fwd=uri-miss; stored");
    expect((await get("/users/42", headers)).headers["cache-status"]).toMatch(/^nearkey; hit/);
  });

  test("may have it wait; the answer says that this was heard", async () => {
    const { clock, get, writer, frontendLog } = await embeddedOverHttp();
    frontendLog.disconnect();
    const { position } = await writer.write(insert(users, { id: 42, name: "Ada" }));
    const headers = {
      "nearkey-min-position": position === undefined ? "" : formatPosition(position),
      prefer: "wait=1",
    };
    const asking = get("/users/42", headers);
    frontendLog.reconnect();
    await until(clock, asking);
    const answer = await asking;
    expect(answer.headers).toMatchObject({
      "preference-applied": "wait",
      "cache-status": "nearkey; fwd=uri-miss; stored",
    });
    expect((await get("/users/42")).headers["preference-applied"]).toBeUndefined();
  });

  test("of an earlier life of the log is given one of this life", async () => {
    const { clock, get, write } = await embeddedOverHttp();
    const written = await write("PUT", "/users/42", { name: "Ada" });
    const asking = get("/users/42", { "nearkey-min-position": "earlier.12" });
    await until(clock, asking);
    const [epoch] = String((await asking).headers["nearkey-position"]).split(".");
    expect(epoch).toBe(String(written.headers["nearkey-position"]).split(".")[0]);
  });

  test("reads many and pages on the same terms", async () => {
    const { get, write, frontendLog } = await embeddedOverHttp();
    frontendLog.disconnect();
    const written = await write("PUT", "/users/42", { name: "Ada" });
    const headers = { "nearkey-min-position": String(written.headers["nearkey-position"]) };
    for (const path of ["/users?id=42&id=7", "/users/42/friends?limit=5"]) {
      const read = await get(path, headers);
      expect(read.headers).toMatchObject({
        "cache-status": BEHIND,
        "nearkey-position": headers["nearkey-min-position"],
      });
    }
  });

  test.each(["", "x", "e1", "e1.", ".7", "e1.-7", "e1.7x", '"e1.7"', "e1.7, e1.8", "é.7", `e1.${"9".repeat(16)}`])(
    "is told that %j is no position, with 400",
    async (text) => {
      const { url } = await embeddedOverHttp();
      const reply = await send(url, "/users/42", {
        headers: { "nearkey-min-position": Buffer.from(text).toString("latin1") },
      });
      expect([reply.status, JSON.parse(reply.text).type]).toEqual([400, "urn:nearkey:problem:bad-position"]);
    },
  );
});

describe("how long a client will wait", () => {
  test.each([
    [undefined, 0],
    ["wait=3", 3_000],
    ["wait=0", 0],
    ["respond-async, wait=10", 10_000],
    ['WAIT = "5"', 5_000],
    ["wait=5; foo=bar", 5_000],
    ["wait=2, wait=9", 2_000],
    ["wait", 0],
    ["wait=soon", 0],
    ["wait=-1", 0],
    ["await=9", 0],
    [`wait=${"9".repeat(10)}`, 0],
  ])("Prefer: %s is %i ms", (prefer, waitMs) => {
    expect(wantedPosition({ "nearkey-min-position": "e1.7", ...(prefer && { prefer }) }).waitMs).toBe(waitMs);
  });

  test("is nothing where no position is asked for", () => {
    expect(wantedPosition({ prefer: "wait=9" })).toEqual({ minPosition: undefined, waitMs: 0 });
  });
});

/** Lets time go on until it is answered. */
async function until(clock: { advance(ms: number): Promise<void> }, answered: Promise<unknown>): Promise<void> {
  let done = false;
  void answered.finally(() => {
    done = true;
  });
  for (let i = 0; i < 100 && !done; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1)); // the request is on its way through a real socket
    await clock.advance(10);
  }
}
