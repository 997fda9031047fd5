import { Command } from "commander";
import { z } from "zod";
import { claimOf } from "../engine/audit-claim.ts";
import type { AuditReport } from "../engine/statistics.ts";
import { AUDIT_PATH } from "../http/audit-router.ts";
import { NearkeyError } from "../spec/error.ts";
import { alignColumns } from "./print-table.ts";

const EXAMPLES = `
Examples:
  nearkey audit
  nearkey audit http://10.0.0.1:8081 http://10.0.0.2:8081
  nearkey audit --json

Exit codes: 0 no difference, 1 a difference was found, or a frontend does not answer.`;

const DEFAULT_URL = "http://127.0.0.1:8081";
const DEADLINE_MS = 5_000;

/** What one frontend has found. */
interface Audited {
  readonly url: string;
  readonly report: AuditReport;
}

/** A frontend does not tell what its audit has found. */
export class AuditError extends NearkeyError {
  readonly code = "E_AUDIT";
}

const count = z.int().min(0);
const differences = z.object({ unannounced: count, orphaned: count, unsettled: count, weak: count });
const reportSchema: z.ZodType<AuditReport> = z.object({
  ...{ agreed: count, overtaken: count, undecided: count, unread: count, differences },
  claim: z.string(),
});

/** `nearkey audit [urls]`: what frontends have found by comparing hits with the database, and what may be claimed of all hits. */
export function auditCommand(): Command {
  return new Command("audit")
    .description("Ask running frontends how many of the hits that they compared with Cassandra differed.")
    .argument("[urls...]", `where frontends answer (default: ${DEFAULT_URL})`)
    .option("--json", "print as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (urls: readonly string[], { json }: { readonly json?: true }) => {
      const all = await Promise.all((urls.length > 0 ? urls : [DEFAULT_URL]).map(ask));
      process.stdout.write(`${json ? JSON.stringify(inJson(all), undefined, 2) : inWords(all)}\n`);
      if (wrongIn(all) > 0) process.exitCode = 1;
    });
}

async function ask(url: string): Promise<Audited> {
  try {
    const response = await fetch(new URL(AUDIT_PATH, url), { signal: AbortSignal.timeout(DEADLINE_MS) });
    return { url, report: reportSchema.parse(await response.json()) };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? "something else answers there" : "it does not answer";
    throw new AuditError(`${url}: ${why}`, "Give the URL at which nearkey frontend serves", { cause });
  }
}

const causesOf = ({ differences: of }: AuditReport): readonly (readonly [string, number])[] =>
  Object.entries(of).filter(([, found]) => found > 0);

const wrongIn = (all: readonly Audited[]): number =>
  all.flatMap(({ report }) => causesOf(report)).reduce((sum, [, found]) => sum + found, 0);

/** What may be claimed of the hits of all these frontends together. */
function claimOfAll(all: readonly Audited[]): string {
  const wrong = wrongIn(all);
  return claimOf(
    all.reduce((sum, { report }) => sum + report.agreed, wrong),
    wrong,
  );
}

const inJson = (all: readonly Audited[]): object => ({
  frontends: all.map(({ url, report }) => ({ url, ...report })),
  claim: claimOfAll(all),
});

function inWords(all: readonly Audited[]): string {
  const rows = all.map(({ url, report }) => {
    const causes = causesOf(report).map(([cause, found]) => `${found} ${cause}`);
    const { agreed, overtaken, undecided, unread } = report;
    return [url, ...[agreed, overtaken, undecided, unread].map(String), causes.join(", ") || "none"];
  });
  const head = ["FRONTEND", "AGREED", "OVERTAKEN", "UNDECIDED", "UNREAD", "DIFFERENCES"];
  return [...alignColumns([head, ...rows]), claimOfAll(all)].join("\n");
}
