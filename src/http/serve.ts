import { createServer, type RequestListener, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { NearkeyError } from "../spec/error.ts";
import { type Connections, watchConnections } from "./connections.ts";
import type { Draining } from "./draining.ts";

/** Another process listens on this port. */
export class PortInUseError extends NearkeyError {
  readonly code = "E_PORT_IN_USE";
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(
      `port ${port} is in use`,
      "End the process that listens there, or choose another port (0: any that is free)",
      options,
    );
    this.port = port;
  }
}

export interface ServeOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** Default 127.0.0.1: nothing here asks who is asking. `0.0.0.0` for every interface. */
  readonly host?: string;
  readonly draining?: Pick<Draining, "begin">;
  /** How long to go on serving after `draining` began, so that load balancers see it, in milliseconds. Default 0. */
  readonly noticeMs?: number;
  /** How long what is in flight may take to finish, in milliseconds; then it is cut off. Default 10,000. */
  readonly deadlineMs?: number;
}

/** A server that listens. */
export interface Served {
  readonly port: number;
  /** Ends in order: unready, no longer accepting, what is in flight finished. Resolves when no connection is left. */
  close(): Promise<void>;
}

/** No request here needs more: a body is at most 1 MiB, a target 8 KiB. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** Longer than the 60 s after which load balancers drop an idle connection: the one who sends must be the one who closes. */
  keepAliveTimeout: 65_000,
  /** How often the first two are looked at. */
  connectionsCheckingInterval: 2_000,
  /** Beyond, Node answers 431. */
  maxHeaderSize: 16 * 1024,
};
const MAX_HEADERS = 100;

/**
 * Serves an Express application, or any handler of Node's, with bounds on what a client may take up. Throws `PortInUseError`.
 *
 * @example
 * const server = await serve(app, { port: 8080, draining, noticeMs: 5_000 });
 * process.once("SIGTERM", () => void server.close());
 */
export async function serve(app: RequestListener, options: ServeOptions): Promise<Served> {
  const server = createServer(LIMITS);
  server.maxHeadersCount = MAX_HEADERS;
  const connections = watchConnections(server);
  server.on("request", app);
  await listen(server, options.port, options.host ?? "127.0.0.1");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  let closing: Promise<void> | undefined;
  return {
    port,
    close: () => {
      closing ??= closeInOrder(server, connections, options);
      return closing;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortInUseError(port, { cause: error }) : error),
    );
    server.listen(port, host, resolve);
  });
}

async function closeInOrder(server: Server, connections: Connections, options: ServeOptions): Promise<void> {
  const { draining, noticeMs = 0, deadlineMs = 10_000 } = options;
  draining?.begin();
  connections.keepNone();
  if (noticeMs > 0) await sleep(noticeMs);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  connections.endIdle();
  const cutOff = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(cutOff);
}
