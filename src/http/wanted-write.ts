import type { Request, Response } from "express";
import type { Mutation } from "../spec/mutation.ts";
import { batchMutations } from "./batch-mutations.ts";
import { batchSchema } from "./batch-schema.ts";
import { checkedBody } from "./body-faults.ts";
import { readJson } from "./json-body.ts";
import { HttpProblem } from "./problem.ts";
import { parseQuery, type RequestTarget } from "./request-target.ts";
import { columnsToSet } from "./row-body.ts";
import { methodsOf } from "./row-methods.ts";
import type { WritableTables } from "./writable-tables.ts";
import { type WriteOptions, writeOptions } from "./write-options.ts";
import { findTarget, keyOfTarget, type WriteTarget } from "./write-target.ts";

/** What a request asks to write, and how it is answered once that is done and announced. */
export interface WantedWrite {
  readonly mutations: readonly Mutation[];
  readonly status: 200 | 201 | 204;
}

/** Reads what a request for one target asks to write. Throws `HttpProblem`, and what mutations throw. */
export type WriteRequest = (req: Request, res: Response) => Promise<WantedWrite>;

/** Finds how to read the requests for a target; undefined where it names nothing that can be written. */
export function wantedWrites(tables: WritableTables): (target: RequestTarget) => WriteRequest | undefined {
  const batch = batchSchema([...tables.values()]);
  return ({ segments, query }) => {
    if (segments.length === 1 && segments[0] === "batch")
      return (req, res) => wantedBatch(req, res, query, tables, batch);
    const target = findTarget(tables, segments);
    return target && ((req, res) => wantedOfRow(req, res, query, target));
  };
}

async function wantedBatch(
  req: Request,
  res: Response,
  query: string,
  tables: WritableTables,
  schema: ReturnType<typeof batchSchema>,
): Promise<WantedWrite> {
  if (req.method !== "POST") throw methodNotAllowed(["POST"]);
  writeOptions(req, parseQuery(query), { ttl: false, preconditions: [] }); // each item has its own
  return { mutations: batchMutations(checkedBody(schema, await readJson(req, res)), tables), status: 200 };
}

async function wantedOfRow(req: Request, res: Response, query: string, target: WriteTarget): Promise<WantedWrite> {
  const methods = methodsOf(target);
  const method = methods.get(req.method);
  if (method === undefined) throw methodNotAllowed([...methods.keys()]);
  const options = writeOptions(req, parseQuery(query), method.understood);
  const key = keyOfTarget(target);
  const body = method.body === undefined ? {} : checkedBody(method.body, await readJson(req, res));
  const mutation = method.mutation(key, columnsToSet(target.table, key, body), options);
  return { mutations: [mutation], status: statusOf(req.method, options) };
}

/** Whether a row was made is only known where it had to be. */
function statusOf(method: string, { precondition }: WriteOptions): WantedWrite["status"] {
  if (method === "DELETE") return 204;
  return precondition === "notExists" ? 201 : 200;
}

function methodNotAllowed(allowed: readonly string[]): HttpProblem {
  const headers = { Allow: allowed.join(", ") };
  return new HttpProblem("method-not-allowed", { detail: `This can be written with ${headers.Allow}`, headers });
}
