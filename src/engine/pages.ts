import type { Clock } from "../ports/clock.ts";
import type { FrontendState } from "../protocol/frontend.ts";
import { beginLoad } from "../protocol/load.ts";
import { SpecError } from "../spec/error.ts";
import type { AnyKey } from "../spec/key.ts";
import { openClustering, planOf, type ReadPlan } from "../spec/read-plan.ts";
import type { Held } from "./entries.ts";
import type { PageRequest } from "./near-cache.ts";
import type { Obtained } from "./obtain.ts";
import type { Levels, ReadStore } from "./read-value.ts";
import { subjectOf } from "./subject.ts";
import { render } from "./value.ts";
import { wantedOf } from "./wanted.ts";
import { assertWholeNumbers } from "./whole-numbers.ts";

type Row = Readonly<Record<string, unknown>>;

/** A page cut from a list. */
export interface Cut {
  readonly obtained: Obtained;
  readonly next: Row | undefined;
}

/** Cuts the page asked for from what was obtained; a page beyond what a too long list holds is read strongly, and not kept. */
export type CutPage = (
  key: AnyKey,
  keyText: string,
  params: Row,
  page: PageRequest,
  obtained: Obtained,
) => Promise<Cut>;

export function createCutPage(state: FrontendState, clock: Clock, readStore: ReadStore, levels: Levels): CutPage {
  return async (key, keyText, params, page, obtained) => {
    const wanted = wantedOf(key, keyText, params);
    const plan = planOf(key, wanted.params);
    if (plan === undefined) throw notAList(key);
    const rows = rowsOf(obtained.held);
    const from = page.after === undefined ? 0 : firstBehind(rows, plan, page.after);
    const cut = rows.slice(from, from + page.limit);
    if (cut.length === page.limit || !obtained.held.partial) {
      const more = from + cut.length < rows.length || (obtained.held.partial && cut.length > 0);
      return cutOf(obtained, cut, more);
    }
    const load = beginLoad(state, subjectOf(key, keyText, wanted.params), "strong", false, clock.now());
    const read = await readStore(
      { ...plan, limit: page.limit + 1, ...(page.after && { after: page.after }) },
      load.level,
    );
    const beyond: Obtained = {
      held: { ...obtained.held, copy: load.copy, coherent: levels.overlap },
      source: "miss",
      stored: false,
      detail: "beyond-bound",
      asOf: load.startedAt,
    };
    return cutOf(beyond, read.rows.slice(0, page.limit), read.rows.length > page.limit);
  };
}

/** Before anything is read for it. Throws `SpecError`. */
export function assertPage(key: AnyKey, { limit }: PageRequest): void {
  if (key.reading.kind !== "rows") throw notAList(key);
  assertWholeNumbers({ limit });
}

const notAList = (key: AnyKey): SpecError =>
  new SpecError(`${key.template.source} is not a list`, "Ask for pages of lists only");

function cutOf(obtained: Obtained, rows: readonly Row[], more: boolean): Cut {
  return {
    obtained: { ...obtained, held: { ...obtained.held, ...render(rows) } },
    next: more ? rows.at(-1) : undefined,
  };
}

const rowsOf = (held: Held): readonly Row[] => (Array.isArray(held.value) ? held.value : []);

/** Where the first row behind the cursor is: a binary search in clustering order. */
function firstBehind(rows: readonly Row[], plan: ReadPlan, after: Row): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && compareClustering(plan, row, after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function compareClustering(plan: ReadPlan, a: Row, b: Row): number {
  for (const column of openClustering(plan)) {
    const type = plan.table.columns[column];
    const order = plan.table.clustering.find((c) => c.column === column)?.order;
    const compared = type?.compare(a[column], b[column]) ?? 0;
    if (compared !== 0) return order === "desc" ? -compared : compared;
  }
  return 0;
}
