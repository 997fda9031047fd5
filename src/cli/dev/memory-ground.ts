import { keys } from "../../../keyspec/index.ts";
import { createEmbedded } from "../../testing/index.ts";
import type { Ground } from "./servers.ts";

const READY_WITHIN_MS = 5_000;

/** Everything in this process: a store and a log in memory. */
export async function memoryGround(): Promise<Ground> {
  const stack = createEmbedded({ keys, frontends: 2 });
  const [first, second] = stack.frontends;
  if (first === undefined || second === undefined) throw new Error("two frontends were asked for");
  await Promise.all([first.cache.whenReady(READY_WITHIN_MS), second.cache.whenReady(READY_WITHIN_MS)]);
  return {
    words: "store and log in memory",
    store: stack.store,
    writer: stack.writer,
    caches: [first.cache, second.cache],
    close: () => stack.close(),
  };
}
