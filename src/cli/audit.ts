import { Command } from "commander";
import { z } from "zod";
import { claimOf, type Samples } from "../engine/audit-claim.ts";
import type { AuditReport } from "../engine/statistics.ts";
import { AUDIT_PATH } from "../http/audit-router.ts";
import { alignColumns } from "./print-table.ts";

const EXAMPLES = `
Examples:
  nearkey audit
  nearkey audit http://10.0.0.1:8081 http://10.0.0.2:8081
  nearkey audit --json

Exit codes: 0 no difference, 1 a difference was found, or a frontend does not answer.`;

const DEFAULT_URL = "http://127.0.0.1:8081";
const DEADLINE_MS = 5_000;

/** What one frontend has found; or why it does not say. */
type Audited = { readonly url: string } & ({ readonly report: AuditReport } | { readonly problem: string });
type Answered = Extract<Audited, { readonly report: AuditReport }>;

const count = z.int().min(0);
const differences = z.object({ unannounced: count, orphaned: count, unsettled: count, weak: count });
const reportSchema: z.ZodType<AuditReport> = z.object({
  ...{ agreed: count, overtaken: count, undecided: count, unread: count, differences },
  claim: z.string(),
});

/** `nearkey audit [urls]`: what frontends have found by comparing hits with the database, and what may be claimed of all hits. */
export function auditCommand(): Command {
  return new Command("audit")
    .description(
      "Ask running frontends how many of the hits that they compared with Cassandra differed. Rows, lists and counts are compared, one a " +
        "second; views are not, but what they read is.",
    )
    .argument("[urls...]", `where frontends answer (default: ${DEFAULT_URL})`)
    .option("--json", "print as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (urls: readonly string[], { json }: { readonly json?: true }) => {
      const all = await Promise.all((urls.length > 0 ? urls : [DEFAULT_URL]).map(ask));
      process.stdout.write(`${json ? JSON.stringify(inJson(all), undefined, 2) : inWords(all)}\n`);
      if (answered(all).length < all.length || sum(all).wrong > 0) process.exitCode = 1;
    });
}

async function ask(url: string): Promise<Audited> {
  try {
    const response = await fetch(new URL(AUDIT_PATH, url), { signal: AbortSignal.timeout(DEADLINE_MS) });
    if (response.status === 404) return { url, problem: "no audit there: mount auditRouter({ cache })" };
    if (!response.ok) return { url, problem: `not serving yet: it answers ${response.status}` };
    const report = reportSchema.safeParse(await response.json());
    return report.success ? { url, report: report.data } : { url, problem: "something else answers there" };
  } catch (cause) {
    return { url, problem: cause instanceof SyntaxError ? "something else answers there" : "it does not answer" };
  }
}

const answered = (all: readonly Audited[]): readonly Answered[] => all.filter((each) => "report" in each);

const causesOf = ({ differences: of }: AuditReport): readonly (readonly [string, number])[] =>
  Object.entries(of).filter(([, found]) => found > 0);

/** The samples of all these frontends together. */
function sum(all: readonly Audited[]): Samples {
  const samples = { agreed: 0, wrong: 0, undecided: 0 };
  for (const { report } of answered(all)) {
    samples.agreed += report.agreed;
    samples.undecided += report.undecided;
    for (const [, found] of causesOf(report)) samples.wrong += found;
  }
  return samples;
}

const inJson = (all: readonly Audited[]): object => ({
  frontends: all.map((each) => ("report" in each ? { url: each.url, ...each.report } : each)),
  claim: claimOf(sum(all)),
});

function inWords(all: readonly Audited[]): string {
  const rows = all.map((each) => {
    if ("problem" in each) return [each.url, "-", "-", "-", "-", each.problem];
    const causes = causesOf(each.report).map(([cause, found]) => `${found} ${cause}`);
    const { agreed, overtaken, undecided, unread } = each.report;
    return [each.url, ...[agreed, overtaken, undecided, unread].map(String), causes.join(", ") || "none"];
  });
  const head = ["FRONTEND", "AGREED", "OVERTAKEN", "UNDECIDED", "UNREAD", "DIFFERENCES"];
  return [...alignColumns([head, ...rows]), claimOf(sum(all))].join("\n");
}
