import type { Answer, AnswerOptions, NearCache } from "../engine/near-cache.ts";
import type { AnyKey } from "../spec/key.ts";
import type { Values } from "../spec/mutation.ts";
import { openClustering, planOf } from "../spec/read-plan.ts";
import { combineAnswers } from "./combine-answers.ts";
import { writeCursor } from "./cursor.ts";
import type { Asked, AskedOne, Params } from "./key-routes.ts";
import { HttpProblem, withParts } from "./problem.ts";
import { MAX_LIMIT, type ReadOptions, type WantedPage } from "./read-options.ts";

/** An answer, and where the next page is, relative to this one. */
export interface Found {
  readonly answer: Answer;
  readonly next?: string;
}

/** Gets what was asked for. Throws `HttpProblem`. */
export type FindAnswer = (asked: Asked, options: ReadOptions) => Promise<Found>;

type Cache = Pick<NearCache, "answer" | "page">;

const FIRST_PAGE: WantedPage = { limit: undefined, after: undefined };

/** Reads through a cache; its errors become problems that name the key. */
export function answerFinder(cache: Cache, problemOf: (error: unknown) => HttpProblem): FindAnswer {
  const named = async <T>(key: AnyKey, params: Params, reading: Promise<T>): Promise<T> => {
    try {
      return await reading;
    } catch (error) {
      throw withParts(problemOf(error), textOf(key, params));
    }
  };
  return async (asked, options) => {
    if (asked.kind === "one") return named(asked.key, asked.params, findOne(cache, asked, options));
    const { key } = asked;
    const answers = asked.params.map((params) => named(key, params, findWhole(cache, key, params, options.answer)));
    return { answer: combineAnswers(await Promise.all(answers)) };
  };
}

/** A value or a page. A list over its bound is held in part only, so that of it a page is what can be answered. */
async function findOne(cache: Cache, asked: AskedOne, options: ReadOptions): Promise<Found> {
  if (options.page !== undefined) return findPage(cache, asked, options.page, options.answer);
  const answer = await cache.answer(asked.key, asked.params, options.answer);
  return answer.partial ? findPage(cache, asked, FIRST_PAGE, options.answer) : { answer };
}

async function findPage(cache: Cache, asked: AskedOne, page: WantedPage, options: AnswerOptions): Promise<Found> {
  const request = { limit: page.limit ?? MAX_LIMIT, after: page.after };
  const { next, ...answer } = await cache.page(asked.key, asked.params, request, options);
  const link = next === undefined ? undefined : nextLink(asked, page, next);
  return link === undefined ? { answer } : { answer, next: link };
}

async function findWhole(cache: Cache, key: AnyKey, params: Params, options: AnswerOptions): Promise<Answer> {
  const answer = await cache.answer(key, params, options);
  if (!answer.partial) return answer;
  throw new HttpProblem("list-too-long", { detail: "Longer than its bound: read this list alone, by pages" });
}

/** Relative to this page (RFC 3986, 5.2), so that it is right behind a proxy that changes the path. */
function nextLink({ key, params }: AskedOne, page: WantedPage, last: Values): string | undefined {
  const plan = planOf(key, params);
  if (plan === undefined) return undefined;
  const cursor = writeCursor(plan.table, openClustering(plan), last);
  const limit = page.limit === undefined ? "" : `limit=${page.limit}&`;
  return `?${limit}after=${encodeURIComponent(cursor)}`;
}

/** The key's text, to name it in a problem: nothing where the problem is that it has none. */
function textOf(key: AnyKey, params: Params): { readonly key?: string } {
  try {
    return { key: key.text(params) };
  } catch {
    return {};
  }
}
