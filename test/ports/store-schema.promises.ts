import { describe, expect, it } from "vitest";
import { StoreReadError, WriteRefusedError } from "../../src/ports/store-errors.ts";
import { insert } from "../../src/spec/mutation.ts";
import { table } from "../../src/spec/table.ts";
import { bigint, int, list, text, timestamp } from "../../src/spec/types/index.ts";
import { fresh, type StoreUnderTest, Subject } from "./store-subject.ts";
import { people, tables } from "./store-tables.ts";

/** What every store promises of its schema, of its levels, and of its end. */
export function schemaPromises(subject: () => Subject, open: () => Promise<StoreUnderTest>): void {
  describe("the schema", () => {
    it("is compared with the declared tables: no difference where there is none", async () => {
      expect(await subject().store.compareSchema(tables)).toEqual([]);
    });

    it("is compared column by column, each difference named", async () => {
      const declared = [
        table("nowhere", { id: int }, { partition: ["id"] }),
        table("people", { id: int, name: text, email: list(text), age: int }, { partition: ["id"], ttl: "never" }),
        table(
          "friendships",
          { user_id: bigint, friend_id: int, since: timestamp },
          { partition: ["user_id"], clustering: { friend_id: "desc" } },
        ),
        table(
          "events",
          { stream: int, at: int, part: int, kind: text },
          { partition: ["stream", "at"], clustering: { part: "desc" }, static: ["kind"] },
        ),
        table("follows", { who: int }, { partition: ["who"] }),
      ];
      const found = await subject().store.compareSchema(declared);
      expect(found.map(({ column, declared, live, table }) => `${table}.${column}: ${declared} / ${live}`)).toEqual([
        "nowhere.undefined: a table / no table",
        "people.email: list<text> / text",
        "people.age: int / no column",
        "friendships.user_id: bigint, partition 1 / int, partition 1",
        "friendships.friend_id: int, clustering 1 desc / int, clustering 1 asc",
        "events.at: int, partition 2 / int, clustering 1 desc",
        "events.part: int, clustering 1 desc / int, clustering 2 desc",
        "events.kind: text, static / text",
        "follows.whom: no column / int, clustering 1 asc",
      ]);
    });

    it("shows in a read of a table that is not there", async () => {
      const nowhere = table("nowhere", { id: int }, { partition: ["id"] });
      await expect(subject().row(nowhere, { id: 1 })).rejects.toThrow(StoreReadError);
    });
  });

  describe("the store", () => {
    it("says whether its levels overlap, and answers a ping", async () => {
      const { overlap, words } = await subject().store.checkLevels();
      expect({ overlap, isSaid: words.length > 0 }).toEqual({ overlap: true, isSaid: true });
      await expect(subject().store.ping({ deadlineMs: 5_000 })).resolves.toBeUndefined();
    });

    it("takes and answers nothing after its end", async () => {
      const opened = await open();
      const ended = new Subject(opened);
      await ended.store.close();
      await ended.store.close();
      await expect(ended.row(people, { id: 1 })).rejects.toThrow(StoreReadError);
      await expect(ended.store.ping({ deadlineMs: 5_000 })).rejects.toThrow(StoreReadError);
      await expect(ended.write(1, insert(people, { id: fresh() }))).rejects.toThrow(WriteRefusedError);
      await opened.close();
    });
  });
}
