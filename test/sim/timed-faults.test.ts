import { describe, expect, it } from "vitest";
import { Agenda } from "./agenda.ts";
import { played } from "./chance.ts";
import { Link } from "./link.ts";
import { LogServer } from "./log-server.ts";
import { SimProcess } from "./sim-process.ts";
import { createTally } from "./tally.ts";
import { World } from "./world.ts";

function set() {
  const of = { agenda: new Agenda(), tracks: played(new Map()), faults: new Set<never>(), tally: createTally() };
  const world = new World({ ...of, isWeak: false, broken: undefined }, false);
  const server = new LogServer(world, false, () => {});
  const process = new SimProcess(world, "p1");
  return { server, process, link: new Link(world, server, process, () => {}) };
}

describe("a timed fault says whether it changed anything, for only then does it count", () => {
  it("a log that is empty loses nothing, and has nothing to forget", () => {
    const { server } = set();
    expect([server.rewind(3), server.purge(0)]).toEqual([undefined, false]);
    server.junk("junk");
    expect(server.rewind(3)).toMatchObject({ keep: 0, lastLost: 1 });
  });

  it("what is cut, isolated, down, without a leader or still already is not made so again", () => {
    const { server, process, link } = set();
    expect([link.cut(), link.halfOpen()]).toEqual([false, false]);
    link.connect();
    const twice = (strike: () => boolean): readonly boolean[] => [strike(), strike()];
    expect(twice(() => link.halfOpen())).toEqual([true, false]);
    expect(twice(() => link.cut())).toEqual([true, false]);
    expect(twice(() => server.isolate(link))).toEqual([true, false]);
    expect(twice(() => server.restart(10))).toEqual([true, false]);
    expect(twice(() => server.elect(10))).toEqual([true, false]);
    expect(twice(() => process.standStill(10, false))).toEqual([true, false]);
  });
});
