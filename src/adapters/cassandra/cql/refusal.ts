import type { Refusal, TableName } from "./analysed.ts";
import { Unclear } from "./unclear.ts";

/** Which table a text is about, once that is read. A text that is refused later can still touch no other. */
export interface About {
  table?: TableName;
}

/** Keeps the table, and passes it on. */
export function known(about: About, table: TableName): TableName {
  about.table = table;
  return table;
}

/** What `run` returns, or why it is not clear. */
export function orRefusal<T>(run: (about: About) => T): T | Refusal {
  const about: About = {};
  try {
    return run(about);
  } catch (error) {
    return refusalFrom(error, about);
  }
}

/** Throws what is no `Unclear`. */
export function refusalFrom(error: unknown, { table }: About): Refusal {
  if (!(error instanceof Unclear)) throw error;
  return { kind: "refused", reason: error.message, at: error.at, ...(table && { table }) };
}
