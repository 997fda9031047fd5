import type { SchemaDifference } from "../ports/store.ts";
import { NearkeyError } from "../spec/error.ts";

/** The live tables are not as the key module declares them; the message names each column. */
export class SchemaMismatchError extends NearkeyError {
  readonly code = "E_SCHEMA_MISMATCH";
  readonly differences: readonly SchemaDifference[];

  constructor(keyspace: string, differences: readonly SchemaDifference[]) {
    const lines = differences.map(
      ({ table, column, declared, live }) =>
        `  ${column === undefined ? table : `${table}.${column}`}: declared ${declared}, in Cassandra ${live}`,
    );
    super(
      `The tables of keyspace ${keyspace} are not as declared`,
      `Change them or their declaration until both say the same (nearkey check says how):\n${lines.join("\n")}`,
    );
    this.differences = differences;
  }
}

/** The address or port is none that this process can have; a port in use is a `PortInUseError`. */
export class ListenError extends NearkeyError {
  readonly code = "E_LISTEN";
}

/** The connection to NATS ended for good. */
export class NatsEndedError extends NearkeyError {
  readonly code = "E_NATS_ENDED";
}
