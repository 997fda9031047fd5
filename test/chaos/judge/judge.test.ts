import { beforeEach, describe, expect, it } from "vitest";
import type { ReadAnswer } from "../clients/exchange.ts";
import { cell } from "../town/parts.ts";
import type { Reading } from "../town/readings.ts";
import { createFindings, type Findings } from "./findings.ts";
import { createHistory } from "./history.ts";
import { createJudge, type Heard, type Judge } from "./judge.ts";
import { createPositions, type Positions } from "./positions.ts";

const at = (sequence: number, epoch = "e") => ({ epoch, sequence });

/** Of one register, "r", which was overwritten by "new", acknowledged at 1000 ms. */
const row: Reading = {
  path: "/r",
  check: (json, allowed) => (allowed.values("r").has(cell(json)) ? [] : [`it was ${json}`]),
};
const likes: Reading = { ...row, labelMs: 5_000 };
const fresh: ReadAnswer = {
  ...{ status: 200, json: "new", source: "hit", cacheStatus: "nearkey; hit", ageS: 1, coherent: true },
  ...{ position: at(9), next: undefined },
};
const labelled: Partial<ReadAnswer> = { coherent: false, source: "labelled", ageS: 3 };

describe("the judge condemns", () => {
  let findings: Findings;
  let positions: Positions;
  let judge: Judge;
  beforeEach(() => {
    let nowMs = 900;
    findings = createFindings();
    positions = createPositions();
    const history = createHistory(new Map([["r", "old"]]), () => nowMs);
    const open = history.begin(new Map([["r", "new"]]));
    nowMs = 1_000;
    open.end("acked", at(7));
    judge = createJudge({ history, positions, findings, rules: { boundMs: 3_000, countersHold: true } });
  });

  const verdicts = (answer: Partial<ReadAnswer>, more: Partial<Heard> = {}): readonly string[] => {
    const before = findings.first.length;
    const common = { reading: row, source: "f", floor: positions.floor("f"), sentAtMs: 5_000, answeredAtMs: 5_001 };
    judge.hear({ ...common, minPosition: undefined, ...more, answer: { ...fresh, ...answer } });
    return findings.first.slice(before).map(({ kind, words }) => `${kind}: ${words.split("): ").at(-1)}`);
  };

  it("nothing that is right", () => {
    expect(verdicts({})).toEqual([]);
  });

  it("a label where the key allows none, and of what is not from memory", () => {
    verdicts({}, { answeredAtMs: 1_900 });
    expect(verdicts(labelled)).toEqual(["unexpected label: it says that it may be old"]);
    expect(verdicts(labelled, { reading: likes })).toEqual([]);
    expect(verdicts({ ...labelled, cacheStatus: "nearkey; fwd=uri-miss; stored" }, { reading: likes })).toEqual([
      "unexpected label: it says that it may be old",
    ]);
  });

  it("no label of a process that has not said yet that an answer is coherent", () => {
    const miss = { ...labelled, cacheStatus: "nearkey; fwd=stale" };
    expect(verdicts(miss)).toEqual([]);
    verdicts({}, { answeredAtMs: 1_900 });
    expect(verdicts(miss, { sentAtMs: 4_800 })).toEqual([]);
    expect(verdicts(miss, { source: "g" })).toEqual([]);
    expect(verdicts(miss)).toEqual(["unexpected label: it says that it may be old"]);
  });

  it("a labelled answer that is older than the bound and the label together", () => {
    const old = { ...labelled, json: "old", position: at(6), ageS: 8 };
    expect(verdicts(old, { reading: likes, sentAtMs: 8_900 })).toEqual([]);
    expect(verdicts(old, { reading: likes, sentAtMs: 9_100 })).toEqual(["stale: it was old"]);
  });

  it("an answer that is older than its Age, however young it is", () => {
    const old = { json: "old", position: at(6) };
    expect(verdicts({ ...old, ageS: 1 }, { sentAtMs: 2_000 })).toEqual([]);
    expect(verdicts({ ...old, ageS: 1 }, { sentAtMs: 2_100 })).toEqual(["stale: it was old"]);
    expect(verdicts({ ...old, ageS: 2 }, { sentAtMs: 2_100 })).toEqual([]);
  });

  it("an answer that does not say what it must of itself", () => {
    expect(verdicts({ coherent: undefined })).toEqual(["malformed: no Nearkey-Coherent"]);
    expect(verdicts({ ageS: Number.NaN })).toEqual(["malformed: no Age"]);
    expect(verdicts({ cacheStatus: "" })).toEqual(["malformed: no Cache-Status"]);
    expect(verdicts({ json: ["new"] })).toEqual(['malformed: no text: ["new"]']);
  });

  it("an answer without a position, of a process that has named one, or to who asks for one", () => {
    const without = { position: undefined };
    expect(verdicts(without)).toEqual([]); // it may not have reached the log yet
    expect(verdicts(without, { minPosition: at(7) })).toEqual(["malformed: no Nearkey-Position"]);
    expect(verdicts({})).toEqual([]);
    expect(verdicts(without)).toEqual(["malformed: no Nearkey-Position"]);
    positions.distrust();
    expect(verdicts(without)).toEqual([]);
  });

  it("a position below the one that was asked for, in the same epoch", () => {
    const asked = { minPosition: at(8) };
    expect(verdicts({ position: at(8) }, asked)).toEqual([]);
    expect(verdicts({ position: at(7) }, asked)).toEqual(["position went back: position 7 after 8 of epoch e"]);
    expect(verdicts({ position: at(1, "other") }, asked)).toEqual([]);
  });

  it("itself, where it fails", () => {
    const fails = () => {
      throw new TypeError("a mistake");
    };
    expect(verdicts({}, { reading: { ...row, check: fails } })).toEqual([
      "uncaught error: of the judge: TypeError: a mistake",
    ]);
  });
});
