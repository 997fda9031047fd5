/** What the server said of a statement when it prepared it. */
export interface PreparedStatement {
  /** Undefined where its markers belong to several tables, or it has none. */
  readonly keyspace: string | undefined;
  readonly table: string | undefined;
  /** The markers of the partition key, in key order; empty where not every column of it has one. */
  readonly partitionKeys: readonly number[];
  /** One to a marker. */
  readonly columns: readonly PreparedColumn[];
}

export interface PreparedColumn {
  readonly keyspace: string | undefined;
  readonly table: string | undefined;
  /** The column that the marker is for, or the name of a named marker. */
  readonly name: string;
  /** In the driver's terms. */
  readonly type: unknown;
}

/** What the server stores for a value bound to a marker of this type, as the driver reads it back; undefined where that is nothing. */
export type Stored = (value: unknown, type: unknown) => unknown;
