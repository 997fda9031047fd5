import type { Client, types } from "cassandra-driver";
import type { AnnouncedCalls, AnnouncedOptions } from "./announced-calls.ts";
import type { Nearkey, NearkeyClient } from "./with-nearkey.ts";

type Callback<T = types.ResultSet> = (error: unknown, result?: T) => void;
type Given = readonly unknown[];

export interface ClientParts {
  readonly calls: AnnouncedCalls;
  readonly nearkey: Nearkey;
  readonly close: () => Promise<void>;
}

/**
 * The client as it is, but for the calls that may write. Whatever else the driver has that executes statements (`stream`, the Mapper,
 * `concurrent`) goes through these.
 */
export function clientLike(client: Client, { calls, nearkey, close }: ClientParts): NearkeyClient {
  const own = {
    execute: (cql: string, ...given: Given) => {
      const { callback, before } = withoutCallback(given);
      return settle(calls.execute(cql, before[0], optionsIn(before[1])), callback);
    },
    batch: (queries: readonly unknown[], ...given: Given) => {
      const { callback, before } = withoutCallback(given);
      return settle(calls.batch(queries, optionsIn(before[0])), callback);
    },
    eachRow: (cql: string, ...given: Given) => {
      if (calls.reads(cql)) return Reflect.apply(client.eachRow, client, [cql, ...given]);
      const [onRow, onEnd] = given.filter(isFunction);
      const { before } = withoutCallback(given);
      void rowsOf(calls.execute(cql, before[0], optionsIn(before[1])), onRow, onEnd);
    },
    shutdown: (callback?: Callback<void>) => settle(close(), callback),
  };
  const adopted = Object.assign(client, { nearkey });
  return new Proxy(adopted, {
    get: (target, name, receiver) =>
      Object.hasOwn(own, name) ? Reflect.get(own, name) : Reflect.get(target, name, receiver),
  });
}

const isFunction = (value: unknown): value is (...given: Given) => void => typeof value === "function";

function withoutCallback(given: Given): { readonly callback: Callback | undefined; readonly before: Given } {
  return { callback: given.find(isFunction), before: given.filter((each) => !isFunction(each)) };
}

/** As the driver does it: a promise, or else the callback, outside of any promise, so that what it throws is not lost. */
function settle<T>(running: Promise<T>, callback: Callback<T> | undefined): Promise<T> | undefined {
  if (callback === undefined) return running;
  running.then(
    (result) => process.nextTick(callback, null, result),
    (error: unknown) => process.nextTick(callback, error),
  );
  return undefined;
}

/** The rows of a write, if it has any: whether its condition held. */
async function rowsOf(
  running: Promise<types.ResultSet>,
  onRow: ((n: number, row: types.Row) => void) | undefined,
  onEnd: Callback | undefined,
): Promise<void> {
  try {
    const result = await running;
    for (const [n, row] of (result.rows ?? []).entries()) onRow?.(n, row);
    process.nextTick(() => onEnd?.(null, result));
  } catch (error) {
    process.nextTick(() => onEnd?.(error));
  }
}

const isOptions = (given: unknown): given is AnnouncedOptions => typeof given === "object" && given !== null;
const optionsIn = (given: unknown): AnnouncedOptions => (isOptions(given) ? given : {});
