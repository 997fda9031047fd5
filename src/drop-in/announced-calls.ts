import { errors, type QueryOptions, type types } from "cassandra-driver";
import type { Writer } from "../engine/writer.ts";
import type { Position } from "../protocol/position.ts";
import { AnnouncedCall, type CallOptions, type SendTo } from "./announced-call.ts";
import type { Statement, WhatItTouches } from "./what-it-touches.ts";

/** The driver's options, and what the statement makes stale, where the application says so itself. */
export interface AnnouncedOptions extends QueryOptions {
  /** Texts of declared keys: `keys.user.text({ id: 42 })`. */
  readonly touches?: readonly string[];
}

export interface AnnouncedCallsOptions extends CallOptions {
  readonly writer: Pick<Writer, "around">;
  readonly what: WhatItTouches;
  /** The schema was changed through this client. */
  readonly schemaChanged: () => void;
}

/** Executes statements of the application: those that write what is cached between their fence and their keys, all others as they are. */
export class AnnouncedCalls {
  readonly #options: AnnouncedCallsOptions;
  readonly #positions = new WeakMap<types.ResultSet, Position>();

  constructor(options: AnnouncedCallsOptions) {
    this.#options = options;
  }

  /** Where the keys of the write with this result are in the log; undefined for what was not announced. */
  positionOf(result: types.ResultSet): Position | undefined {
    return this.#positions.get(result);
  }

  /** True for a statement that only reads. */
  reads(cql: string): boolean {
    return this.#options.what.reads(cql);
  }

  async execute(cql: string, params: unknown, given: AnnouncedOptions = {}): Promise<types.ResultSet> {
    const { client } = this.#options;
    const values = isValues(params) ? copyOf(params) : undefined;
    const statement = { cql, params: values, keyspace: given.keyspace };
    return this.#run([statement], given, (options) => client.execute(cql, values, options));
  }

  async batch(queries: readonly unknown[], given: AnnouncedOptions = {}): Promise<types.ResultSet> {
    const { client } = this.#options;
    const own = Array.isArray(queries) ? queries.filter(isQuery).map(ownQuery) : [];
    if (own.length < queries.length)
      throw new errors.ArgumentError("each query of a batch is a text, or an object with the text as its query");
    const statements = own.map(({ query, params }) => ({ cql: query, params, keyspace: given.keyspace }));
    return this.#run(statements, given, (options) => client.batch(own, options));
  }

  async #run(statements: readonly Statement[], given: AnnouncedOptions, send: SendTo): Promise<types.ResultSet> {
    const { what, writer, schemaChanged } = this.#options;
    const { touches, ...options } = given;
    const announced = touches === undefined ? await what.of(statements) : what.named(touches);
    if (announced === undefined) return send(options);
    const call = new AnnouncedCall(this.#options, announced, options, send);
    try {
      const { position } = await writer.around({ ...announced, send: (to) => call.send(to) });
      if (call.result === undefined) throw new TypeError("a write that was done has a result");
      if (position !== undefined) this.#positions.set(call.result, position);
      return call.result;
    } catch (error) {
      throw call.asTheDriverSaysIt(error);
    } finally {
      if (announced.isSchemaChange) schemaChanged();
    }
  }
}

type Query = string | { readonly query: string; readonly params?: unknown };
type Values = readonly unknown[] | Readonly<Record<string, unknown>>;

const isValues = (params: unknown): params is Values => typeof params === "object" && params !== null;
const isQuery = (item: unknown): item is Query =>
  typeof item === "string" ||
  (typeof item === "object" && item !== null && "query" in item && typeof item.query === "string");

/** Its own: what the application changes while the fence is on its way must not change what is written. */
const copyOf = (params: Values): Values => (Array.isArray(params) ? [...params] : { ...params });
const ownQuery = (item: Query): { readonly query: string; readonly params?: Values } => {
  if (typeof item === "string") return { query: item };
  return isValues(item.params) ? { query: item.query, params: copyOf(item.params) } : { query: item.query };
};
