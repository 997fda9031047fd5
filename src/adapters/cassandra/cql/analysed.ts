import type { MarkerToken } from "./lexer.ts";

/** What one CQL text does, as far as it can be told from the text. */
export type Analysed = AnalysedWrite | { readonly kind: "read" | "other" } | SchemaChange | Refusal;

/** DDL. Without a table it may concern everything. */
export interface SchemaChange {
  readonly kind: "schema";
  readonly table?: TableName;
}

export interface AnalysedWrite {
  readonly kind: "write";
  /** One, or those of a textual batch. */
  readonly statements: readonly WriteShape[];
  readonly isBatch: boolean;
  /** How many markers the text has. */
  readonly markers: number;
  /** `own`: the text gives a timestamp of its own, so that one given with the request is not used, or not for all. */
  readonly timestamp: "none" | "own";
}

/** The text, or its values, are not fully understood: what it writes is unknown. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: string;
  /** Where in the text. */
  readonly at: number;
  /** The one table that the text can be about, where that much is known. */
  readonly table?: TableName;
}

export interface TableName {
  /** Undefined where the text leaves it to the session. */
  readonly keyspace: string | undefined;
  readonly table: string;
}

interface Written {
  readonly table: TableName;
  readonly at: number;
  readonly isConditional: boolean;
  readonly ttl?: Term;
  readonly timestamp?: Term;
}

export type WriteShape =
  | (Written & { readonly op: "insert"; readonly values: ReadonlyMap<string, Term> })
  | (Written & { readonly op: "insertJson"; readonly json: Term; readonly others: "null" | "unset" })
  | (Written & { readonly op: "update"; readonly set: readonly string[]; readonly where: readonly Relation[] })
  /** `columns` is empty where whole rows are deleted. */
  | (Written & { readonly op: "delete"; readonly columns: readonly string[]; readonly where: readonly Relation[] })
  | (Written & { readonly op: "truncate" });

/** One value in the text. */
export type Term = Marker | Literal | NoTerm;

export type Marker = MarkerToken;

export interface Literal {
  readonly kind: "literal";
  readonly type: LiteralType;
  /** As Cassandra's types read it: a string without quotes, a blob with its 0x. */
  readonly text: string;
  readonly at: number;
}

export type LiteralType = "string" | "integer" | "float" | "uuid" | "hex" | "boolean";

/** Something whose value cannot be told: a call, a sum, a collection, null. */
export interface NoTerm {
  readonly kind: "other";
  readonly reason: string;
  readonly at: number;
}

export type Relation =
  | { readonly kind: "equals"; readonly column: string; readonly term: Term; readonly at: number }
  | { readonly kind: "in"; readonly column: string; readonly terms: readonly Term[]; readonly at: number }
  | { readonly kind: "inMarker"; readonly column: string; readonly marker: Marker; readonly at: number }
  /** A bound, or several columns in parentheses: what it picks within a partition is not looked at. */
  | { readonly kind: "slice"; readonly columns: readonly string[]; readonly at: number };
