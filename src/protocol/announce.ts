import { NearkeyError } from "../spec/error.ts";
import type { Touches } from "../spec/touches.ts";
import { type Announcement, MAX_NAMES, MAX_PARTS } from "./message.ts";

/** What a message of one write says beside its kind. */
export interface Part {
  readonly part: number;
  readonly parts: number;
  readonly keys: string[];
  readonly partitions: string[];
  readonly tables: string[];
  readonly about: string[];
}

/** A write that would need more messages than one write may. */
export class TooManyNamesError extends NearkeyError {
  readonly code = "E_TOO_MANY_NAMES";
}

/**
 * Divides what a write touches into parts of at most `MAX_NAMES` names. Fence and keys are divided alike, so that part n of one closes
 * part n of the other. A write that touches nothing still has one part: readers of another key spec go by its tables.
 */
export function partsOf(touches: Touches): readonly Part[] {
  const named = [
    ...touches.keys.map((name) => ["keys", name] as const),
    ...touches.partitions.map((name) => ["partitions", name] as const),
    ...touches.tables.map((name) => ["tables", name] as const),
  ];
  const parts = Math.max(1, Math.ceil(named.length / MAX_NAMES));
  if (parts > MAX_PARTS || touches.about.length > MAX_NAMES) {
    throw new TooManyNamesError(
      `a write that touches ${named.length} names of ${touches.about.length} tables`,
      "Write it in smaller batches",
    );
  }
  return Array.from({ length: parts }, (_, i) => {
    const here = named.slice(i * MAX_NAMES, (i + 1) * MAX_NAMES);
    const of = (kind: "keys" | "partitions" | "tables"): string[] =>
      here.flatMap(([k, name]) => (k === kind ? [name] : []));
    return {
      part: i + 1,
      parts,
      keys: of("keys"),
      partitions: of("partitions"),
      tables: of("tables"),
      about: [...touches.about],
    };
  });
}

/** The message of one part. */
export function announce(
  kind: Announcement["kind"],
  part: Part,
  write: { readonly id: string; readonly spec: string; readonly conditional: boolean },
): Announcement {
  const said = { v: 1, spec: write.spec, write: write.id, ...part } as const;
  if (kind === "fence") return { kind, ...said, ...(write.conditional && { conditional: true }) };
  return { kind, ...said };
}

/** The id under which a message is stored once, however often it is sent. */
export function messageId(of: Announcement): string {
  return `${of.write}.${of.part}.${of.kind}`;
}
