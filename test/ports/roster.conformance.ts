import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catalogOf, defineKeys, int, key, table } from "../../src/index.ts";
import type { Roster } from "../../src/ports/roster.ts";

/** Participants of one roster. */
export interface RosterHub {
  connect(): Promise<Roster>;
  close(): Promise<void>;
}

const WAIT = { waitMs: 1_000 };

const users = table("users", { id: int }, { partition: ["id"] });
const { exported } = catalogOf(defineKeys({ user: key("users_{id}").row(users) }));
const tables = Array.from({ length: 3_000 }, (_, i) => table(`large_${i}`, { id: int }, { partition: ["id"] }));
const large = catalogOf(
  defineKeys(Object.fromEntries(tables.map((each) => [each.name, key(`large-${each.name.slice(6)}_{id}`).row(each)]))),
).exported;

/** What every roster promises. */
export function rosterConformance(name: string, open: () => Promise<RosterHub>): void {
  describe(`the ${name} roster`, () => {
    let hub: RosterHub;
    let own: Roster;
    let other: Roster;
    beforeEach(async () => {
      hub = await open();
      [own, other] = [await hub.connect(), await hub.connect()];
    });
    afterEach(() => hub.close());

    const present = async () => (await own.call(WAIT)).present;

    it("is empty where nobody has joined, and calling it is no error", async () => {
      expect(await own.call(WAIT)).toEqual({ present: [], unreadable: { count: 0, reasons: [] }, cut: false });
    });

    it("hears everyone who joined once: who they are, and their whole key spec", async () => {
      own.join({ role: "frontend", exported });
      other.join({ role: "backend", exported });
      other.join({ role: "frontend", exported });
      await expect
        .poll(async () => (await present()).map(({ role }) => role).sort())
        .toEqual(["backend", "frontend", "frontend"]);
      for (const { fingerprint, host, pid, spec } of await present()) {
        expect({ fingerprint, pid, spec }).toEqual({
          fingerprint: exported.fingerprint,
          pid: process.pid,
          spec: exported,
        });
        expect(host).not.toBe("");
      }
    });

    it("does not hear those who have left", async () => {
      const here = own.join({ role: "frontend", exported });
      other.join({ role: "backend", exported });
      await expect.poll(async () => (await present()).length).toBe(2);
      here.close();
      await expect.poll(async () => (await present()).map(({ role }) => role)).toEqual(["backend"]);
    });

    it("is told of a key spec that is too large for a message by its fingerprint alone", async () => {
      other.join({ role: "backend", exported: large });
      await expect
        .poll(async () => (await present()).map(({ fingerprint, spec }) => ({ fingerprint, spec })))
        .toEqual([{ fingerprint: large.fingerprint, spec: null }]);
    });
  });
}
