import type { Answer, NearCache, PageAnswer, PageRequest } from "../../src/engine/near-cache.ts";
import { render } from "../../src/engine/value.ts";
import { epoch, sequence } from "../../src/protocol/position.ts";

/** Time stands still for the routers under test. */
export const NOW = { monotonicMs: 1_000_000, wallMs: 1_700_000_000_000 };
export const stillClock = { now: () => NOW };
const POSITION = { epoch: epoch("e1"), sequence: sequence(7) };

interface FakeCacheSetup {
  /** Values by key text; every other key has no row. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** What answers say of themselves, by key text; the default is a hit. */
  readonly say?: (keyText: string) => Partial<Answer>;
  /** What reading throws. */
  readonly fail?: (keyText: string) => unknown;
  /** Lists longer than this are held in part. */
  readonly maxRows?: number;
}

export interface FakeCache extends Pick<NearCache, "answer" | "page" | "position"> {
  /** What was asked, in words. */
  readonly asked: string[];
}

/** A near cache of fixed values: `page` finds the row behind the cursor by its column values. */
export function fakeCache({ values = {}, say, fail, maxRows = 10_000 }: FakeCacheSetup): FakeCache {
  const asked: string[] = [];
  const read = (keyText: string): unknown => {
    const error = fail?.(keyText);
    if (error !== undefined) throw error;
    return Object.hasOwn(values, keyText) ? values[keyText] : undefined;
  };
  const answerOf = (keyText: string, value: unknown): Answer => {
    const rows = Array.isArray(value) ? value : undefined;
    const partial = rows !== undefined && rows.length > maxRows;
    return {
      ...render(partial ? rows.slice(0, maxRows) : value),
      partial,
      keyText,
      expiresAtMs: NOW.monotonicMs + 3_541_900,
      source: "hit",
      stored: true,
      detail: undefined,
      ageMs: 1_200,
      position: POSITION,
      coherent: true,
      ...say?.(keyText),
    };
  };
  return {
    asked,
    position: () => POSITION,
    answer: async (key, params) => {
      const keyText = key.text(params);
      asked.push(keyText);
      return answerOf(keyText, read(keyText));
    },
    page: async (key, params, request): Promise<PageAnswer> => {
      const keyText = key.text(params);
      asked.push(`${keyText} ${JSON.stringify(request)}`);
      const { rows, next } = cut(read(keyText), request);
      return { ...answerOf(keyText, rows), partial: false, next };
    },
  };
}

function cut(value: unknown, { limit, after }: PageRequest) {
  const rows: Readonly<Record<string, unknown>>[] = Array.isArray(value) ? value : [];
  const isCursor = (row: Readonly<Record<string, unknown>>): boolean =>
    Object.entries(after ?? {}).every(([column, is]) => row[column] === is);
  const from = after === undefined ? 0 : rows.findIndex(isCursor) + 1;
  const page = rows.slice(from, from + limit);
  return { rows: page, next: from + limit < rows.length ? page.at(-1) : undefined };
}
