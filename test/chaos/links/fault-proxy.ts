import { createServer, type Socket } from "node:net";
import { Connection } from "./connection.ts";
import { type LinkCounters, type LinkState, noCounts, WHOLE } from "./link-state.ts";
import { portOf } from "./port-of.ts";

/** A TCP link that can be broken, and mended, while it is in use. */
export interface FaultProxy {
  readonly port: number;
  readonly counters: Readonly<LinkCounters>;
  set(state: LinkState): void;
  /** Ends every connection, and listens no more. */
  close(): Promise<void>;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Listens (on a free port if it is 0), and passes everything on until told otherwise. */
export async function startFaultProxy(listen: Endpoint, server: Endpoint): Promise<FaultProxy> {
  const counters = noCounts();
  const connections = new Set<Connection>();
  let state = WHOLE;

  const accept = (client: Socket): void => {
    counters.accepted++;
    if (state.kind === "cut") {
      counters.reset++;
      client.resetAndDestroy();
      return;
    }
    const connection = new Connection({ client, server, counters, gone: () => connections.delete(connection) });
    connections.add(connection);
    connection.treat(state);
  };

  const listener = createServer(accept);
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen({ host: listen.address, port: listen.port }, resolve);
  });
  return {
    port: portOf(listener),
    counters,
    set: (next) => {
      state = next;
      for (const connection of connections) connection.treat(next);
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => void listener.close(() => resolve()));
      for (const connection of connections) connection.reset();
      await closed;
    },
  };
}
