import type { Findings } from "../judge/findings.ts";
import type { NearkeyProcess } from "./nearkey-process.ts";

const DEADLINE_MS = 10_000;

/** How many hits the frontends' own audits agreed with, since each was started. */
export async function auditedHits(frontends: readonly NearkeyProcess[]): Promise<number> {
  const reports = await Promise.all(
    frontends.map(async ({ url }) => {
      const response = await fetch(`${url}/_nearkey/audit`, { signal: AbortSignal.timeout(DEADLINE_MS) });
      return agreedIn(await response.json());
    }),
  );
  return reports.reduce((sum, agreed) => sum + agreed, 0);
}

/** See `nearkey audit`. */
function agreedIn(report: unknown): number {
  if (typeof report === "object" && report !== null && "agreed" in report && Number.isInteger(report.agreed)) {
    return Number(report.agreed);
  }
  throw new Error(`no report of an audit: ${JSON.stringify(report)}`);
}

/**
 * Causes that the promise leaves room for: a write whose outcome nobody was told surfaced after its fence, or stands on some replicas only.
 * Acknowledged writes have neither.
 */
const EXCUSED: readonly unknown[] = ["orphaned", "unsettled"];

/** Looks through the logs for what no fault excuses. */
export function inspectLogs(processes: readonly NearkeyProcess[], findings: Findings): void {
  for (const { name, log } of processes) {
    for (const line of log.lines()) {
      const isDifference = line.msg === "audit-difference" && !EXCUSED.includes(line.cause);
      if (line.level === "fatal" || line.msg === "request-failed" || isDifference) {
        findings.add(isDifference ? "stale" : "uncaught error", `${name}: ${JSON.stringify(line)}`);
      }
    }
    for (const stray of log.strays()) {
      if (warningIn(stray) === undefined) findings.add("uncaught error", `${name}: ${stray}`);
    }
  }
}

/** The name of a warning of Node's own, such as that of too many listeners, which the Cassandra driver causes; "" for the line that follows it. */
export function warningIn(line: string): string | undefined {
  if (line.startsWith("(Use `node --trace-warnings")) return "";
  return /^\(node:\d+\) (\w*Warning): /.exec(line)?.[1];
}
