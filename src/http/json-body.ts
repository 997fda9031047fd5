import express, { type Request, type Response } from "express";
import { HttpProblem } from "./problem.ts";

/** The largest body that is read. */
export const MAX_BODY_BYTES = 1024 * 1024;

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** Bodies are read as bytes: Express's own JSON parser replaces bytes that are not UTF-8, and the replacement would be written. */
const readBytes = express.raw({ limit: MAX_BODY_BYTES, type: () => true, inflate: false });

/** The JSON value of a request's body. Throws `HttpProblem`. */
export async function readJson(req: Request, res: Response): Promise<unknown> {
  const type = req.headers["content-type"];
  if (type === undefined || !JSON_TYPE.test(type)) {
    throw new HttpProblem("unsupported-media-type", { detail: "Send Content-Type: application/json, in UTF-8" });
  }
  if (Number(req.headers["content-length"]) > MAX_BODY_BYTES) throw bodyTooLarge(); // before any of it has come
  await new Promise<void>((resolve, reject) => {
    readBytes(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(bodyProblem(error))));
  });
  const body: unknown = req.body;
  // Not bytes: the application mounted a parser of its own before, and it has read the body.
  return body === undefined || body instanceof Uint8Array ? parseJson(body) : body;
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new HttpProblem("malformed-body", {
      detail: bytes === undefined ? "There is no body" : "Send one JSON text in UTF-8",
    });
  }
}

/** What the reader of bodies throws, told by the `type` that it documents. */
function bodyProblem(error: unknown): unknown {
  switch (typeof error === "object" && error !== null && "type" in error ? error.type : undefined) {
    case "entity.too.large":
      return bodyTooLarge();
    case "encoding.unsupported":
      return new HttpProblem("unsupported-media-type", { detail: "Send the body without Content-Encoding" });
    case "request.aborted":
    case "request.size.invalid":
      return new HttpProblem("malformed-body", { detail: "The body ended before its Content-Length" });
    default:
      return error;
  }
}

function bodyTooLarge(): HttpProblem {
  return new HttpProblem("body-too-large", {
    detail: `Send at most ${MAX_BODY_BYTES} bytes; write in several requests`,
  });
}
