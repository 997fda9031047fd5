import { afterEach, describe, expect, it } from "vitest";
import { users } from "../../schema/social.ts";
import { defineKeys, insert, int, key } from "../../src/index.ts";
import { createEmbedded, createSeededEntropy, createVirtualClock, type Embedded } from "../../src/testing/index.ts";

const open: Embedded[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

/** A view of a view of a row; the inner view is held up until it is let go. */
async function heldUp() {
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const user = key("users_{id}").row(users);
  const inner = key("inner_{id}", { ttlMs: 60_000 }).view({ id: int }, async ({ id }, read) => {
    const row = await read(user, { id });
    await gate;
    return row?.name ?? "nobody";
  });
  const outer = key("outer_{id}", { ttlMs: 60_000 }).view({ id: int }, ({ id }, read) => read(inner, { id }));
  const clock = createVirtualClock();
  const keys = defineKeys({ user, inner, outer });
  const stack = createEmbedded({ keys, clock, entropy: createSeededEntropy(1), frontends: 1 });
  open.push(stack);
  await clock.advance(1_500);
  const [frontend] = stack.frontends;
  if (frontend === undefined) throw new Error("one frontend");
  return { stack, clock, cache: frontend.cache, keys, letGo };
}

describe("I1r: a reader that asks after an invalidation never gets the older value, whatever it joins", () => {
  it.each(["inner", "outer"] as const)("not even by joining the load of %s, which read before", async (name) => {
    const { stack, clock, cache, keys, letGo } = await heldUp();
    await stack.writer.write(insert(users, { id: 42, name: "Ada" }));
    await clock.settle();
    const first = cache.get(keys[name], { id: 42 });
    await clock.settle();
    await stack.writer.write(insert(users, { id: 42, name: "Grace" }));
    await clock.settle();
    const second = cache.get(keys[name], { id: 42 });
    await clock.settle();
    letGo();
    expect(await second).toBe("Grace");
    expect(["Ada", "Grace"]).toContain(await first);
  });
});
