import { afterAll, beforeAll, describe } from "vitest";
import { conditionPromises } from "./store-conditions.promises.ts";
import { expiryPromises } from "./store-expiry.promises.ts";
import { readPromises } from "./store-reads.promises.ts";
import { schemaPromises } from "./store-schema.promises.ts";
import { type StoreUnderTest, Subject } from "./store-subject.ts";
import { writePromises } from "./store-writes.promises.ts";

/** The contract of the `Store` port, as promises that each implementation is held to. */
export function storeConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name}: what every store promises`, () => {
    let opened: StoreUnderTest | undefined;
    const subject = (): Subject => {
      if (opened === undefined) throw new Error("the store is opened before the first test");
      return new Subject(opened);
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.close();
    });
    readPromises(subject);
    writePromises(subject);
    conditionPromises(subject);
    expiryPromises(subject);
    schemaPromises(subject, open);
  });
}
