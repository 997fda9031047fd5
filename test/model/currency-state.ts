import type { Feed } from "../../src/protocol/feed.ts";
import type { FeedRecord, FeedSlice } from "../../src/protocol/follow.ts";
import type { Position } from "../../src/protocol/position.ts";
import type { Proof } from "../../src/protocol/proof.ts";
import type { Responder } from "../../src/protocol/responder.ts";
import type { Witness } from "../../src/protocol/witness.ts";
import type { Core } from "./core.ts";
import type { World } from "./currency-world.ts";
import { copyCoherence, copyFollowing } from "./frontend-copy.ts";
import type { Print } from "./print.ts";

/** A world that may be changed alone. */
export function copyCurrencyWorld(of: World): World {
  const { coherence, copyOf } = copyCoherence(of.front.coherence);
  return {
    ...of,
    front: { ...of.front, coherence, ...copyFollowing(of.front) },
    log: { ...of.log, records: [...of.log.records] },
    net: [...of.net],
    responder: { ...of.responder, waiting: [...of.responder.waiting] },
    witness: { ...of.witness },
    givenUp: [...of.givenUp],
    asked: [...of.asked],
    requests: [...of.requests],
    answers: [...of.answers],
    values: of.values.map(copyOf),
    spent: [...of.spent],
  };
}

/** All that the future of a world depends on. Ticks of copies decide whether these are current, and nothing else. */
export function printCurrencyWorld(core: Core, world: World, print: Print): void {
  const { front, log, pending } = world;
  printFeed(front.feed, print);
  printProof(front.proof, print);
  for (const value of world.values) print.flag(core.coherence.isCurrent(front.coherence, value));
  print.add(log.epoch).add(log.first).add(log.stored);
  printRecords(log.records, print);
  printRecords(world.net, print);
  printRecords(world.late === undefined ? [] : [world.late], print);
  print.add(pending === undefined ? -1 : Number(pending.readId === front.feed.read)).add(pending?.from ?? -1);
  printSlice(pending?.slice, print);
  printResponder(world.responder, print);
  printWitness(world.witness, print);
  print.word(world.flying?.name ?? "").flag(world.flying?.flush === true);
  printPosition(world.flying?.at, print);
  print.words(world.givenUp).add(world.ticks);
  for (const asked of world.asked) printNumbers(asked, print);
  print.add(world.asked.length);
  printNumbers(world.requests, print);
  for (const { probe, pulse } of world.answers) {
    print.add(probe).word(pulse?.tick ?? "");
    printPosition(pulse, print);
  }
  print.add(world.answers.length).words(world.spent);
}

function printFeed(feed: Feed, print: Print): void {
  print
    .word(feed.phase)
    .flag(feed.connected)
    .flag(feed.resumed)
    .flag(feed.cold)
    .word(feed.epoch ?? "");
  print
    .add(feed.applied)
    .word(feed.appliedStoredAt ?? "")
    .add(feed.heardAtRead);
  print
    .add(feed.ahead?.from ?? -1)
    .add(feed.ahead?.to ?? -1)
    .word(feed.ahead?.storedAt ?? "");
  for (const [at, storedAt] of feed.recent) print.add(at).word(storedAt);
  print.add(feed.recent.size);
}

function printProof({ provenAt, probes, ticks, nextProbe }: Proof, print: Print): void {
  print.add(provenAt?.monotonicMs ?? -1).add(nextProbe);
  for (const [id, { answer }] of probes) {
    print.add(id).word(answer?.tick ?? "");
    printPosition(answer, print);
  }
  print.add(probes.size);
  for (const [name, at] of ticks) print.word(name).add(at);
  print.add(ticks.size);
}

function printResponder({ waiting, flying }: Responder, print: Print): void {
  printNumbers(waiting, print);
  print
    .word(flying?.tick ?? "")
    .flag(flying?.flush === true)
    .add(flying?.losses ?? -1);
  printPosition(flying?.before, print);
  printNumbers(flying?.requests ?? [], print);
}

function printWitness({ highest, own, losses, flushed }: Witness, print: Print): void {
  printPosition(highest, print);
  printPosition(own, print);
  print.add(losses).add(flushed);
}

function printPosition(of: Position | undefined, print: Print): void {
  print.word(of?.epoch ?? "").add(of?.sequence ?? -1);
}

function printSlice(slice: FeedSlice | undefined, print: Print): void {
  print
    .word(slice?.epoch ?? "")
    .add(slice?.first ?? -1)
    .add(slice?.last ?? -1);
  printRecords(slice?.records ?? [], print);
}

function printRecords(records: readonly FeedRecord[], print: Print): void {
  for (const { epoch, sequence, storedAt, body } of records) print.word(epoch).add(sequence).word(storedAt).word(body);
  print.add(records.length);
}

function printNumbers(numbers: readonly number[], print: Print): void {
  for (const n of numbers) print.add(n);
  print.add(numbers.length);
}
