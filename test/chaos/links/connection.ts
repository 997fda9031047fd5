import { connect, type Socket } from "node:net";
import { Flow } from "./flow.ts";
import { type LinkCounters, type LinkState, treatmentOf, WHOLE } from "./link-state.ts";

export interface ConnectionOptions {
  readonly client: Socket;
  readonly server: { readonly address: string; readonly port: number };
  readonly counters: LinkCounters;
  /** Told when both sides are closed. */
  readonly gone: () => void;
}

/** One connection of a client, and ours to the server in its stead. */
export class Connection {
  readonly #sockets: readonly [Socket, Socket];
  readonly #toServer: Flow;
  readonly #toClient: Flow;
  readonly #counters: LinkCounters;
  readonly #gone: () => void;
  #state = WHOLE;
  /** Bytes of it are missing, or one side has gone unnoticed: it cannot go on once the link is mended. */
  #broken = false;
  #closedSides = 0;

  constructor({ client, server: { address, port }, counters, gone }: ConnectionOptions) {
    const server = connect({ host: address, port, noDelay: true });
    client.setNoDelay(true);
    this.#sockets = [client, server];
    this.#counters = counters;
    this.#gone = gone;
    this.#toServer = new Flow(client, server, counters);
    this.#toClient = new Flow(server, client, counters);
    for (const socket of this.#sockets) {
      socket.on("error", () => {}); // `close` follows
      socket.once("close", () => this.#sideClosed());
    }
  }

  /** The link is in this state from now on. */
  treat(state: LinkState): void {
    this.#state = state;
    const unnoticed = state.kind === "half-open" || state.kind === "stalled";
    if (state.kind === "cut" || (this.#broken && !unnoticed)) {
      this.reset();
      return;
    }
    if (state.kind === "half-open") this.#broken = true;
    this.#toServer.treat(treatmentOf(state, "to-server"));
    this.#toClient.treat(treatmentOf(state, "to-client"));
  }

  reset(): void {
    this.#counters.reset++;
    this.#toServer.abandon();
    this.#toClient.abandon();
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** On a whole link each side learns that the other has gone, after what that one still sent. */
  #sideClosed(): void {
    if (++this.#closedSides === this.#sockets.length) {
      this.#gone();
      return;
    }
    if (this.#state.kind === "half-open" || this.#state.kind === "stalled") {
      this.#broken = true;
      return;
    }
    this.#toServer.finish();
    this.#toClient.finish();
  }
}
