import { beforeEach, describe, expect, it } from "vitest";
import type { NatsNode } from "../../../docker/stack/nats.ts";
import { seeded } from "../../sim/chance.ts";
import { createStreamAdmin } from "../deployment/stream-admin.ts";
import { NoEvidenceError } from "../faults/evidence.ts";
import type { Fault, Ground, Running } from "../faults/fault.ts";
import { createFindings, type Findings } from "../judge/findings.ts";
import { createPositions, type Positions } from "../judge/positions.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

/** Where there is nothing to break: the faults of these tests only say that they did. */
const nowhere: Ground = {
  servers: { cassandra: [], nats: [] },
  processes: { all: [], backends: [], frontends: [] },
  stream: createStreamAdmin([], "nowhere"),
  chance: seeded(1).of("faults"),
  writesUnderWay: () => 0,
  askAlone: () => Promise.reject(new Error("there is no replica")),
};

describe("a timeline", () => {
  let told: string[];
  let findings: Findings;
  let positions: Positions;
  let timeline: Timeline;

  beforeEach(() => {
    told = [];
    findings = createFindings();
    positions = createPositions();
    timeline = timelineOf(nowhere);
  });

  const timelineOf = (ground: Ground): Timeline =>
    createTimeline({
      ground,
      positions,
      findings,
      boundMs: 2,
      lastsMs: undefined,
      faults: [],
      chance: seeded(1).of("faults"),
      onCalm: async () => void told.push("counted"),
      tell: (event) => told.push(event),
      signal: new AbortController().signal,
    });

  const fault = (name: string, running: Partial<Running>, more: Partial<Fault> = {}): Fault => ({
    name,
    breaks: ["nats"],
    lasts: "within the bound",
    begin: async () => ({ what: "it breaks", end: async () => {}, evidence: async () => ["it broke"], ...running }),
    ...more,
  });

  it("breaks, mends, waits until all is calm, and keeps the evidence", async () => {
    await timeline.play([fault("a", {})]);
    await timeline.play([fault("a", { evidence: async () => ["again"] })]);
    expect(told).toEqual([
      "a: it breaks",
      "a: mended",
      "calm",
      "counted",
      "a: it breaks",
      "a: mended",
      "calm",
      "counted",
    ]);
    expect(timeline.played.get("a")).toEqual({ times: 2, evidence: ["again"] });
    expect(findings.counts.size).toBe(0);
  });

  it("finds a fault wrong that nothing shows, that could not be begun, or not be mended", async () => {
    const fails = () => Promise.reject(new NoEvidenceError("not seen"));
    const faults = [fault("a", { evidence: fails }), fault("b", {}, { begin: fails }), fault("c", { end: fails })];
    for (const each of faults) await timeline.play([each, fault("d", {}, { breaks: ["cassandra"] })]);
    expect(findings.first.map(({ kind, words }) => `${kind}: ${words}`)).toEqual(
      ["a", "b", "c"].map((name) => `no evidence: ${name}: Error: not seen`),
    );
    expect([...timeline.played]).toEqual([["d", { times: 3, evidence: ["it broke"] }]]);
  });

  it("starts again what is gone after a fault that failed half way", async () => {
    const lost: string[] = [];
    const handle = (name: string, pid: number): NatsNode => ({
      ...{ name, pid, serverName: name, port: 1, storeDir: "nowhere", kill: async () => {}, stop: () => {} },
      resume: () => {},
      restart: async () => void lost.push(name),
    });
    const nats = [handle("gone", 0), handle("alive", process.pid)];
    const fails = () => Promise.reject(new Error("half way"));
    await timelineOf({ ...nowhere, servers: { cassandra: [], nats } }).play([fault("a", {}, { begin: fails })]);
    expect(lost).toEqual(["gone"]);
  });

  it("relies on no position while the log is set back", async () => {
    const trusted: boolean[] = [];
    const look = async () => void trusted.push(positions.isTrusted(positions.floor("f")));
    await timeline.play([fault("a", { end: look }, { setsLogBack: true })]);
    await look();
    expect(trusted).toEqual([false, true]);
  });
});
