/**
 * What this adapter needs of a NATS connection: the part that `nats` 2.x and `@nats-io/transport-node` 3.x share.
 *
 * Hand in a connection of either. It stays yours: closing the log does not close it.
 */
export interface NatsLike {
  /** What the server said of itself; undefined while there is no connection. */
  readonly info?: NatsServerInfo | undefined;
  publish(subject: string, payload?: string | Uint8Array): void;
  request(
    subject: string,
    payload?: string | Uint8Array,
    options?: { timeout: number; headers?: NatsHeaders },
  ): Promise<NatsMessage>;
  requestMany(
    subject: string,
    payload?: string | Uint8Array,
    options?: { maxWait: number },
  ): Promise<AsyncIterable<NatsMessage>>;
  subscribe(
    subject: string,
    options?: { queue?: string; callback?: (error: Error | null, message: NatsMessage) => void },
  ): NatsSubscription;
  status(): AsyncIterable<NatsStatus>;
  /** Fails at once while disconnected; else resolves when the server has seen everything sent before. */
  rtt(): Promise<number>;
  isClosed(): boolean;
  /** Resolves when the connection has ended for good. */
  closed(): Promise<unknown>;
  getServer(): string;
}

export interface NatsServerInfo {
  readonly version: string;
  readonly max_payload: number;
  readonly cluster?: string | undefined;
}

export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: NatsHeaders | undefined;
  respond(payload?: string | Uint8Array): boolean;
  string(): string;
}

export interface NatsHeaders {
  readonly code: number;
  /** The empty string if there is none. */
  get(name: string): string;
  set(name: string, value: string): void;
}

export interface NatsSubscription {
  unsubscribe(): void;
  isClosed(): boolean;
}

/** 2.x puts its details into `data`, 3.x beside `type`; both say `disconnect`, `reconnect` and `error`. */
export interface NatsStatus {
  readonly type: string;
  readonly data?: unknown;
  readonly error?: unknown;
  readonly permissionContext?: { readonly operation: string; readonly subject: string } | undefined;
}
