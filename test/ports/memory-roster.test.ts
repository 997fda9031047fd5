import { expect, it } from "vitest";
import { createMemoryLog } from "../../src/adapters/memory/memory-log.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemEntropy } from "../../src/adapters/system/entropy.ts";
import { catalogOf, defineKeys, int, key, table } from "../../src/index.ts";
import { LogUnavailableError } from "../../src/ports/log-errors.ts";
import { createEmbedded } from "../../src/testing/embedded.ts";
import { rosterConformance } from "./roster.conformance.ts";

const WAIT = { waitMs: 1_000 };
const makeLog = () => createMemoryLog({ clock: systemClock, entropy: systemEntropy });

rosterConformance("memory", async () => {
  const log = makeLog();
  return { connect: async () => log.connect().roster, close: async () => {} };
});

const users = table("users", { id: int }, { partition: ["id"] });
const keys = defineKeys({ user: key("users_{id}").row(users) });
const { exported } = catalogOf(keys);

it("a participant that is cut off is not heard, and hears nothing", async () => {
  const log = makeLog();
  const [own, other] = [log.connect(), log.connect()];
  other.roster.join({ role: "backend", exported });
  expect((await own.roster.call(WAIT)).present).toHaveLength(1);
  other.disconnect();
  expect((await own.roster.call(WAIT)).present).toEqual([]);
  await expect(other.roster.call(WAIT)).rejects.toThrow(LogUnavailableError);
});

it("every cache and every writer is on the roster of its log from its start to its end", async () => {
  const stack = createEmbedded({ keys, frontends: 2 });
  const { roster } = stack.log.connect();
  const roles = async () => (await roster.call(WAIT)).present.map(({ role }) => role).sort();
  expect(await roles()).toEqual(["backend", "frontend", "frontend"]);
  await stack.writer.close();
  await stack.cache.close();
  expect(await roles()).toEqual(["frontend"]);
  await stack.close();
  expect(await roles()).toEqual([]);
});
