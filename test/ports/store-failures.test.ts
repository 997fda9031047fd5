import { Client, errors, policies, types } from "cassandra-driver";
import { describe, expect, it } from "vitest";
import { DeadlinePassed } from "../../src/adapters/cassandra/deadline.ts";
import { readFailure, writeFailure } from "../../src/adapters/cassandra/failures.ts";
import { ReadRetries } from "../../src/adapters/cassandra/read-retries.ts";
import { isRepeatable, speculates, WriteRetries } from "../../src/adapters/cassandra/write-retries.ts";
import { WriteRefusedError, WriteUnknownError } from "../../src/ports/store-errors.ts";
import { increment, insert, remove, truncate, update } from "../../src/spec/mutation.ts";
import { events, people, shelves, visits } from "./store-tables.ts";

const { responseErrorCodes: code } = types;
const plain = { what: "people", isConditional: false, maybeWritten: false };
const response = (number: number) => new errors.ResponseError(number, "as the server says");

describe("a failed write", () => {
  it("is refused where the server says so before it does anything", () => {
    for (const number of [code.syntaxError, code.unauthorized, code.invalid, code.unavailableException]) {
      expect(writeFailure(plain, response(number))).toBeInstanceOf(WriteRefusedError);
    }
  });

  it("is refused where it was never sent", () => {
    for (const error of [
      new errors.NoHostAvailableError({
        "10.0.0.1:9042": new errors.OperationTimedOutError("preparing took too long"),
      }),
      new errors.ArgumentError("no such option"),
      new TypeError("Expected Number, obtained 'x'"),
    ]) {
      expect(writeFailure(plain, error)).toBeInstanceOf(WriteRefusedError);
    }
  });

  it("is unknown in every other case", () => {
    for (const number of [
      code.serverError,
      code.overloaded,
      code.isBootstrapping,
      code.truncateError,
      code.writeTimeout,
      code.writeFailure,
      code.readTimeout,
      code.readFailure,
      code.functionFailure,
      code.clientWriteFailure,
      0x1600, // the space for CDC is used up
      0x1700, // the outcome of a conditional write is unknown
      0xffff,
    ]) {
      expect(writeFailure(plain, response(number))).toBeInstanceOf(WriteUnknownError);
    }
    for (const error of [
      new errors.OperationTimedOutError("none"),
      new DeadlinePassed(5),
      new Error("Socket was closed"),
      "?",
    ]) {
      expect(writeFailure(plain, error)).toBeInstanceOf(WriteUnknownError);
    }
  });

  it("is unknown where it is conditional and too few replicas are alive: its proposal may be accepted", () => {
    const conditional = { ...plain, isConditional: true };
    expect(writeFailure(conditional, response(code.unavailableException))).toBeInstanceOf(WriteUnknownError);
    expect(writeFailure(conditional, new TypeError("?"))).toBeInstanceOf(WriteUnknownError);
    expect(writeFailure(conditional, response(code.invalid))).toBeInstanceOf(WriteRefusedError);
  });

  it("is unknown, however it ends, once an attempt may have been applied", () => {
    const again = { ...plain, maybeWritten: true };
    expect(writeFailure(again, response(code.unavailableException))).toBeInstanceOf(WriteUnknownError);
    expect(writeFailure(again, new errors.NoHostAvailableError({}))).toBeInstanceOf(WriteUnknownError);
  });

  it("says in one line what happened, on which host, and keeps the cause", () => {
    const cause = new errors.NoHostAvailableError({ "10.0.0.1:9042": response(code.overloaded) });
    const failure = readFailure("people", cause);
    expect(failure.cause).toBe(cause);
    expect(failure.message).toBe(
      "reading people failed: no host is available (10.0.0.1:9042: ResponseError: as the server says). " +
        "Compare the table with its declaration, and the client's rights",
    );
  });
});

describe("a write is repeated by the driver", () => {
  it("only where doing it twice with one timestamp is like doing it once", () => {
    const key = { id: 1, slot: 1 };
    expect(isRepeatable([insert(people, { id: 1, tags: ["a"] }), remove(people, { id: 2 })])).toBe(true);
    expect(isRepeatable([update(shelves, key, { prices: { a: 1 }, frozen_names: ["a"] })])).toBe(true);
    expect(isRepeatable([insert(people, { id: 1 }), update(shelves, key, { names: ["a"] })])).toBe(false);
    expect(isRepeatable([insert(people, { id: 1 }, { ifNotExists: true })])).toBe(false);
    expect(isRepeatable([increment(visits, { page: "p", day: 1 }, { views: 1 })])).toBe(false);
    expect(isRepeatable([truncate(events)])).toBe(false);
  });

  it("once, on another host, at the same level, and what may have been written is remembered", () => {
    const info = (nbRetry: number) => ({ query: "", nbRetry, executionOptions: {} });
    const { retry, rethrow } = { retry: 1, rethrow: 0 };
    const retries = new WriteRetries(false);
    const level = types.consistencies.localQuorum;
    expect(decide(retries, "onUnavailable", info(0), level)).toMatchObject({
      decision: retry,
      useCurrentHost: false,
      consistency: level,
    });
    expect(decide(retries, "onUnavailable", info(1), level)).toMatchObject({ decision: rethrow });
    expect(retries.maybeWritten).toBe(false);
    expect(decide(retries, "onRequestError", info(0), level, new Error("Socket was closed"))).toMatchObject({
      decision: retry,
      useCurrentHost: false,
      consistency: level,
    });
    expect(decide(retries, "onRequestError", info(1), level, new Error("Socket was closed"))).toMatchObject({
      decision: rethrow,
    });
    expect(retries.maybeWritten).toBe(true);
    const timedOut = new WriteRetries(false);
    expect(decide(timedOut, "onWriteTimeout", info(0), level)).toMatchObject({ decision: rethrow });
    expect(timedOut.maybeWritten).toBe(true);
    expect(decide(new WriteRetries(true), "onUnavailable", info(0), level)).toMatchObject({ decision: rethrow });
  });

  it("not after a timeout, when nobody waits any more; nor is a read", () => {
    const info = { query: "", nbRetry: 0, executionOptions: {} };
    const timedOut = new errors.OperationTimedOutError("too slow");
    const level = types.consistencies.localQuorum;
    for (const retries of [new WriteRetries(false), new ReadRetries()]) {
      expect(decide(retries, "onRequestError", info, level, timedOut)).toMatchObject({ decision: 0 });
      expect(decide(retries, "onRequestError", info, level, new Error("Socket was closed"))).toMatchObject({
        decision: 1,
      });
    }
  });

  it("not where the client makes speculative executions: one may refuse what another is doing", () => {
    const client = (speculative?: policies.speculativeExecution.SpeculativeExecutionPolicy) =>
      new Client({
        contactPoints: ["127.0.0.1"],
        localDataCenter: "dc1",
        ...(speculative && { policies: { speculativeExecution: speculative } }),
      });
    expect(speculates(client())).toBe(false);
    expect(speculates(client(new policies.speculativeExecution.ConstantSpeculativeExecutionPolicy(10, 1)))).toBe(true);
  });
});

/** The driver's own call: its declared types ask for more than the policies look at. */
function decide(retries: WriteRetries | ReadRetries, on: string, ...given: readonly unknown[]): unknown {
  const handler: unknown = Reflect.get(retries, on);
  if (typeof handler !== "function") throw new Error(`no handler ${on}`);
  return handler.apply(retries, given);
}
