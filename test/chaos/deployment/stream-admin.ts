import { connect, type JetStreamManager, NatsError, type StreamInfo } from "nats";

/** The stream behind the log, as an operator sees and treats it: past nearkey, and past the faulty links. */
export interface StreamAdmin {
  /** Throws if there is no stream, or nobody answers. */
  look(): Promise<StreamState>;
  /** When the message of this sequence was stored; undefined if there is none. */
  storedAt(sequence: number): Promise<string | undefined>;
  /** Changes settings, those of an operator's. */
  change(settings: { readonly max_msgs: number }): Promise<void>;
  remove(): Promise<void>;
  /** Deletes it and makes one of the same name and settings, at once. */
  makeAnew(): Promise<void>;
}

export interface StreamState {
  readonly name: string;
  readonly created: string;
  readonly first: number;
  readonly last: number;
  /** The server that leads it, by name; undefined on a lone server. */
  readonly leader: string | undefined;
}

const TIMEOUT_MS = 3_000;

export function createStreamAdmin(servers: readonly string[], namespace: string): StreamAdmin {
  const ask = async <T>(question: (manager: JetStreamManager) => Promise<T>): Promise<T> => {
    const connection = await connect({ servers: [...servers], timeout: TIMEOUT_MS, reconnect: false });
    try {
      return await question(await connection.jetstreamManager({ timeout: TIMEOUT_MS }));
    } finally {
      await connection.close();
    }
  };
  const find = async (manager: JetStreamManager): Promise<StreamInfo> =>
    manager.streams.info(await manager.streams.find(`inv.${namespace}.tick`));

  return {
    look: () => ask(async (manager) => stateOf(await find(manager))),
    storedAt: (seq) =>
      ask(async (manager) => {
        const { config } = await find(manager);
        return manager.streams.getMessage(config.name, { seq }).then(({ timestamp }) => timestamp, noneFound);
      }),
    change: (settings) =>
      ask(async (manager) => {
        const { config } = await find(manager);
        await manager.streams.update(config.name, { ...config, ...settings });
      }),
    remove: () =>
      ask(async (manager) => {
        await manager.streams.delete((await find(manager)).config.name);
      }),
    makeAnew: () =>
      ask(async (manager) => {
        const { config } = await find(manager);
        await manager.streams.delete(config.name);
        await manager.streams.add(config);
      }),
  };
}

const NO_MESSAGE_FOUND = 10_037;

function noneFound(error: unknown): undefined {
  if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE_FOUND) return undefined;
  throw error;
}

function stateOf({ config, created, state, cluster }: StreamInfo): StreamState {
  return { name: config.name, created, first: state.first_seq, last: state.last_seq, leader: cluster?.leader };
}
