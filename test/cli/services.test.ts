import { describe, expect, test } from "vitest";
import { exitCodeOf, type Report } from "../../src/cli/check/report.ts";
import { reportText } from "../../src/cli/check/report-text.ts";
import { servicesReport } from "../../src/cli/check/services.ts";
import { catalogOf, defineKeys, int, key, table } from "../../src/index.ts";
import type { Introduction } from "../../src/protocol/introduction.ts";
import type { RollCall } from "../../src/protocol/roll-call.ts";
import { exportSchema } from "../../src/spec/export-schema.ts";

const users = table("users", { id: int }, { partition: ["id"] });
const user = key("users_{id}").row(users);
const here = catalogOf(defineKeys({ user })).exported;
const elsewhere = catalogOf(defineKeys({ user: user.path("/u/:id") })).exported;
const renamed = catalogOf(defineKeys({ user: key("people_{id}").row(users) })).exported;

const from = (exported: typeof here, pid: number, role: Introduction["role"] = "frontend"): Introduction => {
  const spec = exportSchema.parse(exported);
  return { v: 1, role, host: "web", pid, fingerprint: spec.fingerprint, spec };
};
const rollCall = (present: readonly Introduction[], reasons: readonly string[] = []): RollCall => ({
  present,
  unreadable: { count: reasons.length, reasons },
  cut: false,
});
const reportOn = (call: RollCall): Report => ({
  keyspace: "shop",
  fingerprint: here.fingerprint,
  schema: { found: [] },
  services: { found: servicesReport("shop", here, call) },
});

describe("what running services say", () => {
  test("is no drift where all have the key spec that is here, or nobody is there", () => {
    const same = reportOn(rollCall([from(here, 2), from(here, 1, "backend")]));
    expect([exitCodeOf(same), exitCodeOf(reportOn(rollCall([])))]).toEqual([0, 0]);
    expect(reportText(same)).toContain(`2 answered in namespace shop, 2 with this key spec (${here.fingerprint})`);
    expect(reportText(reportOn(rollCall([])))).toContain("services: nobody answered in namespace shop");
  });

  test("is put together by key spec, each difference named once with everybody who has it", () => {
    const report = reportOn(rollCall([from(renamed, 3), from(here, 1), from(renamed, 2)]));
    expect(exitCodeOf(report)).toBe(1);
    expect(reportText(report).split("\n").slice(1)).toEqual([
      `services: 3 answered in namespace shop, 1 with this key spec (${here.fingerprint})`,
      "  frontend web:1: the same",
      `  frontend web:2, frontend web:3: another key spec (${renamed.fingerprint}: what either side writes, the other takes for a touch of the whole tables)`,
      "    key user: template: here users_{id}, there people_{id}",
      "    key user: HTTP path: here /users/:id, there /people/:id",
    ]);
  });

  test("is drift too where writes name the same keys and something else differs, and that is said", () => {
    const report = reportOn(rollCall([from(elsewhere, 1)]));
    expect(exitCodeOf(report)).toBe(1);
    expect(reportText(report)).toMatch(/writes name the same keys; .*\n.*HTTP path: here \/users\/:id, there \/u\/:id/);
  });

  test("is compared by fingerprint alone where a key spec was too large to be told", () => {
    const [same, other] = [here, renamed].map((spec) => ({ ...from(spec, 1), spec: null }));
    expect(same && exitCodeOf(reportOn(rollCall([same])))).toBe(0);
    const report = other && reportOn(rollCall([other]));
    expect(report && [exitCodeOf(report), reportText(report).includes("too large to be told")]).toEqual([1, true]);
  });

  test("is drift where the same declarations have another fingerprint: another version writes other names", () => {
    const other = { ...from(here, 1), fingerprint: "0123456789abcdef" };
    const report = reportOn(rollCall([other]));
    expect(exitCodeOf(report)).toBe(1);
    expect(reportText(report)).toContain("declared alike: another version of nearkey");
  });

  test("is compared as it travels: an option that says undefined is none", () => {
    const bare = catalogOf(
      defineKeys({ user: Reflect.apply(key, null, ["users_{id}", { ttlMs: undefined }]).row(users) }),
    );
    const { others, same } = servicesReport("shop", bare.exported, rollCall([from(here, 1)]));
    expect([others, same.length]).toEqual([[], 1]);
  });

  test("is not all known where more answered than are heard", () => {
    expect(exitCodeOf(reportOn({ ...rollCall([from(here, 1)]), cut: true }))).toBe(2);
  });

  test("is drift where it cannot be read, and what was wrong is named", () => {
    const report = reportOn(rollCall([from(here, 1)], ["it is not JSON"]));
    expect(exitCodeOf(report)).toBe(1);
    expect(reportText(report)).toContain("1 answer could not be read:\n    it is not JSON");
  });

  test("is not known where they could not be asked: that goes before any drift", () => {
    const drift = { declaration: "", database: undefined, table: "t", column: "c", declared: "int", live: "text" };
    const report = { ...reportOn(rollCall([])), schema: { found: [drift] }, services: { failed: "E_X: no" } } as const;
    expect(exitCodeOf(report)).toBe(2);
    expect(reportText(report)).toContain("services: could not look: E_X: no");
    expect(exitCodeOf({ ...report, services: { notAsked: "--schema-only" } })).toBe(1);
  });
});
