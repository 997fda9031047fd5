import { expect, it } from "vitest";
import { createNatsRoster } from "../../src/adapters/nats/roster.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { catalogOf, defineKeys, int, key, table } from "../../src/index.ts";
import type { Roster } from "../../src/ports/roster.ts";
import { clients, NatsHub } from "../ports/invalidation-log.nats.ts";
import { rosterConformance } from "../ports/roster.conformance.ts";
import { describeReal } from "../support/real.ts";

const users = table("users", { id: int }, { partition: ["id"] });
const { exported } = catalogOf(defineKeys({ user: key("users_{id}").row(users) }));
const WAIT = { waitMs: 500 };

describeReal("the NATS roster", (real) => {
  for (const { client, connect } of clients) {
    const hubOf = () => new NatsHub(() => real.nats.servers, connect);
    const rosterOf = async (hub: NatsHub, namespace = hub.namespace): Promise<Roster> =>
      createNatsRoster({ connection: await hub.raw(), namespace, clock: systemClock });

    rosterConformance(`${client} log's own`, async () => {
      const hub = hubOf();
      return {
        connect: async () => {
          const { roster } = await hub.connect();
          if (roster === undefined) throw new Error("the log has no roster");
          return roster;
        },
        close: () => hub.close(),
      };
    });

    it(`over ${client} is called without a log, and hears its own namespace only`, async () => {
      const hub = hubOf();
      const [log, own, stranger] = [await hub.connect(), await rosterOf(hub), await rosterOf(hub, "elsewhere")];
      log.roster?.join({ role: "frontend", exported });
      await expect.poll(async () => (await own.call(WAIT)).present.length).toBe(1);
      expect((await stranger.call(WAIT)).present).toEqual([]);
      await hub.close();
    });

    it(`over ${client} counts and names answers of something else`, async () => {
      const hub = hubOf();
      const connection = await hub.raw();
      connection.subscribe(`roster.${hub.namespace}`, { callback: (_error, message) => message.respond("hello") });
      await connection.rtt();
      const { present, unreadable } = await (await rosterOf(hub)).call(WAIT);
      expect({ present, count: unreadable.count }).toEqual({ present: [], count: 1 });
      expect(unreadable.reasons[0]).toContain("not JSON");
      await hub.close();
    });
  }
});
