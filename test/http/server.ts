import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import express, { type Router } from "express";
import { afterEach } from "vitest";
import { type Served, serve } from "../../src/http/serve.ts";

const open: Served[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** A real server on a port of its own, ended after the test; returns its URL. */
export async function serving(...routers: readonly Router[]): Promise<string> {
  const app = express();
  for (const router of routers) app.use(router);
  const server = await serve(app, { port: 0, deadlineMs: 200 });
  open.push(server);
  return `http://127.0.0.1:${server.port}`;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as it is, where `fetch` would tidy up the path, or refuse a header or a body. */
export function send(
  url: string,
  path: string,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string | string[]>;
    readonly body?: string;
  } = {},
): Promise<Reply> {
  const { method = "GET", body } = options;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url), { path, method, headers: { ...length, ...options.headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on("error", reject).end(body);
  });
}

/** Sends these bytes, and returns the first that come back. */
export function sendRaw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.setEncoding("latin1").on("error", reject);
    socket.once("data", (text) => {
      socket.destroy();
      resolve(String(text));
    });
    socket.write(bytes);
  });
}
