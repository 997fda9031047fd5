import { beforeEach, describe, expect, it } from "vitest";
import type { ReadAnswer } from "../clients/exchange.ts";
import type { Reading } from "../town/readings.ts";
import { createFindings, type Findings } from "./findings.ts";
import { createHistory, type History, type LogPosition } from "./history.ts";
import { createJudge, type Heard, type Judge } from "./judge.ts";
import { createPositions, type Positions } from "./positions.ts";

const BOUND_MS = 3_000;
const at = (sequence: number, epoch = "e"): LogPosition => ({ epoch, sequence });
const reading: Reading = {
  path: "/r",
  check: (json, allowed) => (allowed.values("r").has(String(json)) ? [] : [`it was ${String(json)}`]),
};

describe("the judge", () => {
  let nowMs: number;
  let history: History;
  let positions: Positions;
  let findings: Findings;
  let judge: Judge;

  beforeEach(() => {
    nowMs = 0;
    history = createHistory(new Map([["r", "old"]]), () => nowMs);
    positions = createPositions();
    findings = createFindings();
    const rules = { boundMs: BOUND_MS, countersHold: true };
    judge = createJudge({ history, positions, findings, rules });
    const open = history.begin(new Map([["r", "new"]]));
    nowMs = 100;
    open.end("acked", at(9));
  });

  const hit: ReadAnswer = {
    ...{ status: 200, json: "new", source: "hit", cacheStatus: "nearkey; hit", next: undefined },
    ...{ ageS: 1, coherent: true, position: at(9) },
  };
  const kindsFor = (answer: Partial<ReadAnswer>, heard: Partial<Heard> = {}): readonly string[] => {
    const [sentAtMs, answeredAtMs] = [20_000, 20_001];
    const given = { reading, source: "f", floor: positions.floor("f"), sentAtMs, answeredAtMs, minPosition: undefined };
    judge.hear({ ...given, ...heard, answer: { ...hit, ...answer } });
    return [...findings.counts.keys()];
  };

  it("finds nothing wrong with an answer that is right", () => {
    expect(kindsFor({})).toEqual([]);
    expect(judge.judged).toEqual({ answers: 1, values: 1 });
  });

  it("condemns an old value, and a label does not excuse it where the key allows none", () => {
    expect(kindsFor({ json: "old", position: undefined, source: "load", ageS: 60 })).toEqual(["stale"]);
    expect(kindsFor({ json: "old", position: undefined, source: "labelled", ageS: 60, coherent: false })).toEqual([
      "stale",
    ]);
    expect(findings.counts.get("stale")).toBe(2);
  });

  it("takes a labelled value for as long as its key allows, and no longer", () => {
    const labelled = { json: "old", position: undefined, source: "labelled", ageS: 60, coherent: false } as const;
    const likes = { reading: { ...reading, labelMs: 5_000 } };
    expect(kindsFor(labelled, { ...likes, sentAtMs: 8_000 })).toEqual([]);
    expect(kindsFor(labelled, { ...likes, sentAtMs: 8_200 })).toEqual(["stale"]);
  });

  it("condemns a value that is older than it says", () => {
    const young = { json: "old", position: undefined, source: "load" } as const;
    expect(kindsFor({ ...young, ageS: 2 }, { sentAtMs: 2_000 })).toEqual([]);
    expect(kindsFor({ ...young, ageS: 1 }, { sentAtMs: 2_000 })).toEqual(["stale"]);
  });

  it.each([
    ["whether it is coherent", { coherent: undefined }],
    ["how old it is", { ageS: Number.NaN }],
    ["its position, though it is a hit", { position: undefined }],
  ])("condemns an answer that does not say %s", (_what, answer) => {
    expect(kindsFor(answer)).toEqual(["malformed"]);
  });

  it("condemns an answer that is told below the position that was asked for", () => {
    expect(kindsFor({ position: at(10) }, { minPosition: at(10) })).toEqual([]);
    expect(kindsFor({ position: at(1, "another") }, { minPosition: at(10) })).toEqual([]);
    expect(kindsFor({ position: at(9) }, { minPosition: at(10) })).toEqual(["position went back"]);
  });
});
