import { type Client, policies, type QueryOptions, type types } from "cassandra-driver";
import { before, type Deadline, deadlineIn } from "../adapters/cassandra/deadline.ts";
import { writeFailure } from "../adapters/cassandra/failures.ts";
import type { LevelName } from "../adapters/cassandra/levels.ts";
import { speculates } from "../adapters/cassandra/write-retries.ts";
import type { Writer } from "../engine/writer.ts";
import { WriteRefusedError, WriteUnknownError } from "../ports/store-errors.ts";
import type { Position } from "../protocol/position.ts";
import { TrackedRetries } from "./tracked-retries.ts";
import type { Announced, Statement, WhatItTouches } from "./what-it-touches.ts";
import { writeLevel } from "./write-level.ts";

/** The driver's options, and what the statement makes stale, where the application says so itself. */
export interface AnnouncedOptions extends QueryOptions {
  /** Texts of declared keys: `keys.user.text({ id: 42 })`. */
  readonly touches?: readonly string[];
}

export interface AnnouncedCallsOptions {
  readonly client: Client;
  readonly writer: Pick<Writer, "around">;
  readonly what: WhatItTouches;
  readonly level: LevelName;
  /** The schema was changed through this client. */
  readonly schemaChanged: () => void;
}

type SendTo = (options: QueryOptions) => Promise<types.ResultSet>;

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
    const values = isValues(params) ? params : undefined;
    return this.#run([{ cql, params }], given, (options) => client.execute(cql, values, options));
  }

  async batch(queries: readonly unknown[], given: AnnouncedOptions = {}): Promise<types.ResultSet> {
    const { client } = this.#options;
    const own = [...queries].filter(isQuery);
    return this.#run(own.map(statementOf), given, (options) => client.batch(own, options));
  }

  async #run(statements: readonly Statement[], given: AnnouncedOptions, send: SendTo): Promise<types.ResultSet> {
    const { what, writer, schemaChanged } = this.#options;
    const { touches, ...options } = given;
    const announced = touches === undefined ? await what.of(statements) : what.named(touches);
    if (announced === undefined) return send(options);
    const call = new Call(this.#options, announced, statements, options, send);
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

/** One announced call to the driver, and what came of it. */
class Call {
  result: types.ResultSet | undefined;
  #driverError: unknown;
  readonly #options: AnnouncedCallsOptions;
  readonly #announced: Announced;
  readonly #statements: readonly Statement[];
  readonly #given: QueryOptions;
  readonly #send: SendTo;

  constructor(
    options: AnnouncedCallsOptions,
    announced: Announced,
    statements: readonly Statement[],
    given: QueryOptions,
    send: SendTo,
  ) {
    this.#options = options;
    this.#announced = announced;
    this.#statements = statements;
    this.#given = given;
    this.#send = send;
  }

  async send(to: { readonly timestampMicros: number; readonly deadlineMs: number }): Promise<{ applied: boolean }> {
    const deadline = deadlineIn(to.deadlineMs);
    const { client } = this.#options;
    const retries = new TrackedRetries(this.#ownRetries(), deadline, speculates(client));
    try {
      const sent = this.#send(this.#queryOptions(to.timestampMicros, deadline, retries));
      this.result = await before(deadline, sent);
      return { applied: this.result.wasApplied() };
    } catch (error) {
      this.#driverError = error;
      const { isConditional, touches } = this.#announced;
      throw writeFailure({ what: touches.about.join(", "), isConditional, maybeWritten: retries.maybeWritten }, error);
    }
  }

  /** An application that handles the driver's errors goes on handling them. */
  asTheDriverSaysIt(error: unknown): unknown {
    const isOfDatabase = error instanceof WriteRefusedError || error instanceof WriteUnknownError;
    return isOfDatabase && this.#driverError !== undefined ? this.#driverError : error;
  }

  #queryOptions(timestampMicros: number, deadline: Deadline, retry: TrackedRetries): QueryOptions {
    const { hasOwnTime, isConditional, isCounter } = this.#announced;
    const hasMarkers = this.#statements.some(({ params }) => params !== undefined && params !== null);
    const isTimed = !hasOwnTime && !isCounter && !isConditional && this.#given.timestamp === undefined;
    return {
      ...this.#given,
      // Without it the driver guesses types, and what is written may be another row than the one that was announced.
      ...(hasMarkers && { prepare: true }),
      ...(isTimed && { timestamp: timestampMicros }),
      consistency: writeLevel(this.#options.level, this.#given.consistency),
      readTimeout: Math.min(this.#given.readTimeout ?? Number.POSITIVE_INFINITY, deadline.remainingMs()),
      retry,
    };
  }

  #ownRetries(): policies.retry.RetryPolicy {
    const options: unknown = Reflect.get(this.#options.client, "options");
    const own: unknown = Object(Object(options).policies).retry;
    return this.#given.retry ?? (own instanceof policies.retry.RetryPolicy ? own : new policies.retry.RetryPolicy());
  }
}

type Query = string | { readonly query: string; readonly params?: unknown };
type Values = readonly unknown[] | Readonly<Record<string, unknown>>;

const isValues = (params: unknown): params is Values => typeof params === "object" && params !== null;
const isQuery = (item: unknown): item is string | { query: string; params?: unknown[] } =>
  typeof item === "string" || (typeof item === "object" && item !== null && "query" in item);
const statementOf = (item: Query): Statement =>
  typeof item === "string" ? { cql: item, params: undefined } : { cql: item.query, params: item.params };
