import type { SchemaDrift } from "../../adapters/cassandra/schema-drift.ts";
import type { ServicesReport } from "./services.ts";

/** What came of looking at one thing: what was found, or why it was not looked at, or could not be. */
export type Looked<T> = { readonly found: T } | { readonly notAsked: string } | { readonly failed: string };

export interface Report {
  readonly keyspace: string;
  readonly fingerprint: string;
  readonly schema: Looked<readonly SchemaDrift[]>;
  readonly services: Looked<ServicesReport>;
}

export const DRIFT = 1;
export const COULD_NOT_LOOK = 2;

/** 0 without drift, 1 with, and 2 where something could not be looked at: what was found besides is not all. */
export function exitCodeOf({ schema, services }: Report): number {
  if ("failed" in schema || "failed" in services) return COULD_NOT_LOOK;
  if ("found" in services && services.found.cut) return COULD_NOT_LOOK;
  const drifted = ("found" in schema && schema.found.length > 0) || ("found" in services && differ(services.found));
  return drifted ? DRIFT : 0;
}

/** An answer that cannot be read may be of any key spec. */
const differ = ({ others, unreadable }: ServicesReport): boolean => others.length > 0 || unreadable.count > 0;
