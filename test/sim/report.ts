import { highestShare } from "../../src/engine/audit-claim.ts";
import { ALL_FAULTS } from "./faults.ts";
import { PATHS } from "./paths.ts";
import type { Tally } from "./tally.ts";
import type { Totals } from "./totals.ts";

/** What many schedules have shown, in words and tables. */
export function reportOf(totals: Totals, seconds: number): string {
  const { schedules, events, virtualMs, answers, judged, hits, acknowledged, failures, tally } = totals;
  const perSecond = schedules / seconds;
  const bound = highestShare(judged, failures.length);
  return [
    table("faults", "happened", ALL_FAULTS, tally),
    table("paths", "taken", PATHS, tally),
    `${schedules} schedules in ${seconds.toFixed(0)} s, ${perSecond.toFixed(1)}/s; ${events} events in ${hours(virtualMs)} of virtual time`,
    `${answers} answers, of which ${hits} from memory; ${judged} of them had a write to be held against; ${acknowledged} acknowledged writes`,
    `${failures.length} violations: fewer than ${bound.toPrecision(2)} of those ${judged} violate, at 95 %`,
  ].join("\n\n");
}

const hours = (ms: number): string => `${(ms / 3_600_000).toFixed(1)} h`;

/** Names in as many columns as fit, each with how often it was. */
function table(title: string, happened: string, names: readonly string[], tally: Tally): string {
  const cells = names.map((name) => `${name.padEnd(32)} ${said(tally[name] ?? 0).padStart(9)}`);
  const lines = Math.ceil(cells.length / COLUMNS);
  const rows = Array.from({ length: lines }, (_, line) =>
    Array.from({ length: COLUMNS }, (_, column) => cells[column * lines + line] ?? "").join("   "),
  );
  return [`${title}, and how often each ${happened === "taken" ? "was taken" : happened}:`, ...rows].join("\n");
}

const COLUMNS = 3;
const said = (times: number): string => (times === 0 ? "NEVER" : String(times));
