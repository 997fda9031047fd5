import type { Client, QueryOptions, types } from "cassandra-driver";
import type { StoreRead } from "../../ports/store.ts";
import type { ReadPlan } from "../../spec/read-plan.ts";
import { mayExpire } from "./cells.ts";
import { before, type Deadline } from "./deadline.ts";
import { RowDecoder } from "./row-decoder.ts";
import { COUNT_COLUMN, limitOf, type Select, selectBindings } from "./select-statement.ts";
import { bind, type Statement } from "./statement.ts";

/** Rows to a page: larger ones are hardly faster and hold up the process for longer. */
const PAGE_ROWS = 5000;

/** Where and how a read is run. */
export interface ReadRun {
  readonly client: Client;
  readonly options: QueryOptions;
  readonly deadline: Deadline;
}

/** Runs the statements of a read, page by page. A long read is no snapshot: every page is a read of its own. */
export async function readRows(run: ReadRun, plan: ReadPlan, select: Select): Promise<StoreRead> {
  const decoder = new RowDecoder(plan.table);
  const limit = limitOf(plan);
  for (const statement of select) {
    const wanted = limit === undefined ? undefined : limit - decoder.rows.length;
    if (wanted !== undefined && wanted <= 0) break;
    const params = bind(plan.table, statement, selectBindings(plan, wanted));
    // No more to a page than wanted; never one for a single row, or Cassandra would offer a second page.
    for await (const page of pages(run, statement, params, wanted)) decoder.add(page);
  }
  return decoder.read();
}

export async function readCount(run: ReadRun, plan: ReadPlan, select: Select): Promise<StoreRead> {
  let count = 0;
  for (const statement of select) {
    const params = bind(plan.table, statement, selectBindings(plan, undefined));
    for await (const page of pages(run, statement, params)) {
      for (const row of page) count += Number(String(row[COUNT_COLUMN]));
    }
  }
  return { rows: [], count, expiresInMs: undefined, expiryKnown: !mayExpire(plan.table) };
}

/** The rows of a statement, page by page, until there are no more or nobody waits any more. */
export async function* pages(
  { client, options, deadline }: ReadRun,
  { cql }: Pick<Statement, "cql">,
  params: unknown[],
  wanted = PAGE_ROWS,
): AsyncGenerator<readonly types.Row[]> {
  let pageState: string | null = null;
  do {
    const paged: QueryOptions = {
      ...options,
      fetchSize: Math.min(PAGE_ROWS, wanted),
      readTimeout: deadline.remainingMs(),
      ...(pageState !== null && { pageState }),
    };
    const result: types.ResultSet = await before(deadline, client.execute(cql, params, paged));
    yield result.rows;
    pageState = result.pageState;
  } while (pageState !== null && pageState !== undefined);
}

/** All rows of a statement, for answers that are known to be small. */
export async function allRows(run: ReadRun, cql: string, params: unknown[] = []): Promise<readonly types.Row[]> {
  const found: types.Row[] = [];
  for await (const page of pages(run, { cql }, params)) found.push(...page);
  return found;
}
