import express, { type Request, type Response, type Router } from "express";
import { NotAnnouncedError } from "../engine/errors.ts";
import type { Writer } from "../engine/writer.ts";
import type { Table } from "../spec/table.ts";
import { problemsOf, reportError, WRITE_ERRORS } from "./error-meanings.ts";
import { sendProblem } from "./problem.ts";
import { parseTarget } from "./request-target.ts";
import { notApplied, sendWritten } from "./send-written.ts";
import { type WantedWrite, type WriteRequest, wantedWrites } from "./wanted-write.ts";
import { writableTables } from "./writable-tables.ts";

export interface BackendRouterOptions {
  readonly writer: Pick<Writer, "write">;
  /** The tables that may be written, e.g. `catalogOf(keys).tables.values()`. */
  readonly tables: Iterable<Table>;
  /** Told of every error that is answered with 500. Default: it is written to standard error. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Takes writes, and announces them through a writer:
 *
 * - `PUT /users/42` makes the row what the body says; a column left out becomes empty, except static ones. `If-None-Match: *` writes only
 *   where there is no row, `If-Match: *` only where there is one.
 * - `PATCH /users/42` sets the columns of the body, and makes the row if there is none (not with `If-Match: *`). In a table of counters it
 *   adds the amounts of the body.
 * - `DELETE /friendships/42/7` deletes a row (with `If-Match: *`, if it is there), `DELETE /friendships/42` a partition.
 * - `PATCH /rooms/tea` sets static columns of a partition.
 * - `POST /batch` does several writes as one: `[{ "op": "insert", "table": "users", "key": { "id": 42 }, "set": { "name": "Ada" } }]`.
 *
 * PUT and PATCH take `?ttl=<seconds>`. What is done and announced is answered with 200, 201 (made by `If-None-Match: *`) or 204 (deleted);
 * what is done but not yet announced with 202; a condition that did not hold with 412. `Nearkey-Position` says where it is in the log.
 *
 * @example
 * app.use("/tables", backendRouter({ writer, tables: catalogOf(keys).tables.values() }));
 */
export function backendRouter({ writer, tables, onError = reportError }: BackendRouterOptions): Router {
  const writes = wantedWrites(writableTables(tables));
  const problemOf = problemsOf(WRITE_ERRORS, onError);

  const respond = async (req: Request, res: Response, read: WriteRequest): Promise<void> => {
    try {
      await doWrite(writer, await read(req, res), res);
    } catch (error) {
      sendProblem(req, res, problemOf(error));
    }
  };

  return express.Router().use((req, res, next) => {
    res.removeHeader("X-Powered-By");
    const target = parseTarget(req.url);
    const read = target === undefined ? undefined : writes(target);
    if (read === undefined) next();
    else void respond(req, res, read);
  });
}

async function doWrite(
  writer: Pick<Writer, "write">,
  { mutations, status }: WantedWrite,
  res: Response,
): Promise<void> {
  try {
    const written = await writer.write(mutations);
    if (!written.applied) throw notApplied(written);
    sendWritten(res, status, written);
  } catch (error) {
    if (!(error instanceof NotAnnouncedError)) throw error;
    const { applied, timestampMicros } = error;
    const written = { applied, timestampMicros, position: undefined };
    if (!applied) throw notApplied(written);
    sendWritten(res, status, written);
  }
}
