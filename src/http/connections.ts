import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The connections of a server, which can be ended without cutting off what is in flight. */
export interface Connections {
  /** From now on every answer is the last of its connection. */
  keepNone(): void;
  /** Ends the connections that wait for a request; the others end with their answer. */
  endIdle(): void;
}

/**
 * Watches a server's connections. `server.close()` alone waits, up to their timeouts, for those that never sent a request and for those
 * that are kept after the answer they were waiting for. Call it before the server has a handler, which may answer at once.
 */
export function watchConnections(server: Server): Connections {
  const open = new Set<Socket>();
  const inFlight = new Set<ServerResponse>();
  let last = false;

  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.on("request", (_req: IncomingMessage, res: ServerResponse) => {
    inFlight.add(res);
    if (last) res.setHeader("Connection", "close");
    res.once("close", () => {
      inFlight.delete(res);
      if (last) res.req.socket.destroySoon(); // its headers may have been sent before they could say so
    });
  });

  return {
    keepNone() {
      last = true;
      for (const res of inFlight) if (!res.headersSent) res.setHeader("Connection", "close");
    },
    endIdle() {
      const busy = new Set([...inFlight].map((res) => res.req.socket));
      for (const socket of open) if (!busy.has(socket)) socket.destroy();
    },
  };
}
