import { type Epoch, type Position, sequence } from "../../src/protocol/position.ts";

/**
 * What was written, when the database had it and when its keys were in the log: what answers are judged by. It shares no code with the
 * core, nor with the simulated database.
 */

/** What a write does to rows. `row` is `table/partition` or `table/partition/clustering`. */
export type Effect =
  | { readonly kind: "put"; readonly row: string }
  | { readonly kind: "remove"; readonly row: string }
  | { readonly kind: "remove partition"; readonly partition: string }
  /** Rows of a partition from this clustering value on. */
  | { readonly kind: "remove from"; readonly partition: string; readonly from: number }
  | { readonly kind: "truncate"; readonly table: string };

/** Where the log has the last of a write's keys. */
export interface Done extends Position {
  readonly storedAtMs: number;
  /** From here on readers may rely on it: the database had acknowledged the write, and its keys were stored. */
  readonly sinceMs: number;
}

export interface Write {
  readonly n: number;
  readonly effects: readonly Effect[];
  /** The name of its messages. */
  readonly id: string;
  /** The process that writes it. */
  readonly owner: string;
  readonly begunAtMs: number;
  readonly mayGoUnfenced: boolean;
  /** Undefined until it was sent to the database, or where the database gives it until it is decided. */
  timestamp: number | undefined;
  /** Refused, or its condition did not hold: what it would have written is nowhere. */
  isVoid: boolean;
  hasDatabaseAcked: boolean;
  /** When what it put expires in the database. */
  expiresAtMs: number;
  done: Done | undefined;
  /** It may land, or be decided, after its fence has ended: a hint, an undecided condition (A3). */
  isStray: boolean;
  /** Its fence is in the log. */
  isFenced: boolean;
  /** It was sent to the database before its fence was there, as its writer is allowed to. */
  isUnfenced: boolean;
  /** How many of its pieces are not yet where every strong read meets them; in weak mode every read. */
  unlanded: number;
  landedAtMs: number;
  /** What its writer gave the database as its time. */
  givenTimestamp: number | undefined;
  /** When its caller was told that it is written. */
  toldAtMs: number;
  /** From here on its writer owes it to the log: keys, or a touch. */
  owedSinceMs: number;
  isAnnounced: boolean;
  /** Keys messages of it that are stored, by part. */
  readonly parts: Map<number, Position & { readonly atMs: number }>;
}

export class History {
  readonly writes: Write[] = [];
  /** Where the keys of those are that were reported successful, in that order. */
  readonly reported: Position[] = [];
  readonly #byId = new Map<string, Write>();
  readonly #tablesAnnouncedAtMs = new Map<string, number>();
  readonly #byRow = new Map<string, EffectOf[]>();
  readonly #rows: readonly string[];

  /** `rows`: all that there can ever be. */
  constructor(rows: readonly string[]) {
    this.#rows = rows;
  }

  begin(of: Pick<Write, "n" | "id" | "owner" | "effects" | "begunAtMs" | "mayGoUnfenced">): Write {
    const write: Write = {
      ...of,
      timestamp: undefined,
      isVoid: false,
      hasDatabaseAcked: false,
      expiresAtMs: Number.POSITIVE_INFINITY,
      done: undefined,
      isStray: false,
      isFenced: false,
      isUnfenced: false,
      unlanded: Number.POSITIVE_INFINITY,
      landedAtMs: Number.POSITIVE_INFINITY,
      givenTimestamp: undefined,
      toldAtMs: Number.POSITIVE_INFINITY,
      owedSinceMs: Number.POSITIVE_INFINITY,
      isAnnounced: false,
      parts: new Map(),
    };
    this.writes[write.n] = write;
    this.#byId.set(write.id, write);
    for (const effect of write.effects) this.#index({ write, effect });
    return write;
  }

  /** What writes did to this row, oldest call first. */
  effectsOn(row: string): readonly EffectOf[] {
    return this.#byRow.get(row) ?? [];
  }

  /** The rows of a partition that there can ever be. */
  rowsOf(partition: string): readonly string[] {
    return this.#rows.filter((row) => row.startsWith(`${partition}/`));
  }

  fenceStored(id: string): void {
    const write = this.#byId.get(id);
    if (write !== undefined) write.isFenced = true;
  }

  /** Keys or a touch of this write are in the log; or of no write but of these tables, which stand for all that was owed for them. */
  announced(id: string, tables: readonly string[], atMs: number): void {
    const write = this.#byId.get(id);
    if (write !== undefined) write.isAnnounced = true;
    else for (const table of tables) this.#tablesAnnouncedAtMs.set(table, atMs);
  }

  /** What a writer still owes to the log, of all that it owed since then. */
  owed(sinceMs: number, by: string): readonly Write[] {
    const isStoodFor = ({ effects, owedSinceMs }: Write): boolean =>
      effects.every((effect) => (this.#tablesAnnouncedAtMs.get(tableOf(effect)) ?? 0) >= owedSinceMs);
    return this.writes.filter(
      (write) =>
        write.owner === by &&
        write.owedSinceMs < Number.POSITIVE_INFINITY &&
        write.begunAtMs >= sinceMs &&
        !write.isAnnounced &&
        !isStoodFor(write),
    );
  }

  /** A part of a write's keys is in the log. With the last one the write is done, if the database has it. */
  keysStored(id: string, part: number, parts: number, at: Position, atMs: number): void {
    const write = this.#byId.get(id);
    if (write === undefined) return;
    write.parts.set(part, { ...at, atMs });
    if (write.parts.size === parts && write.hasDatabaseAcked) finish(write, atMs);
  }

  /** It was there before anything happened: every position of this life of the log is behind it. */
  wasThere(write: Write, of: Epoch): void {
    write.hasDatabaseAcked = true;
    write.done = { epoch: of, sequence: sequence(0), storedAtMs: -1, sinceMs: -1 };
  }

  /** Its caller was told that it is done: true or not, readers may rely on it. */
  report(write: Write, position: Position | undefined, atMs: number): void {
    if (position !== undefined) this.reported.push(position);
    if (position === undefined || write.parts.size > 0) finish(write, atMs);
    else write.done ??= { ...position, storedAtMs: atMs, sinceMs: atMs };
  }

  #index(of: EffectOf): void {
    for (const row of this.#rows) {
      if (!covers(of.effect, row)) continue;
      const known = this.#byRow.get(row);
      if (known === undefined) this.#byRow.set(row, [of]);
      else known.push(of);
    }
  }
}

export interface EffectOf {
  readonly write: Write;
  readonly effect: Effect;
}

function finish(write: Write, sinceMs: number): void {
  const last = [...write.parts.values()].sort((a, b) => b.sequence - a.sequence)[0];
  if (last === undefined || write.done !== undefined) return;
  const { epoch, sequence, atMs } = last;
  write.done = { epoch, sequence, storedAtMs: atMs, sinceMs };
}

export const tableOf = (effect: Effect): string =>
  effect.kind === "truncate" ? effect.table : (("row" in effect ? effect.row : effect.partition).split("/")[0] ?? "");

function covers(effect: Effect, row: string): boolean {
  switch (effect.kind) {
    case "put":
    case "remove":
      return row === effect.row;
    case "remove partition":
      return row === effect.partition || row.startsWith(`${effect.partition}/`);
    case "remove from":
      return row.startsWith(`${effect.partition}/`) && Number(row.split("/")[2]) >= effect.from;
    case "truncate":
      return row.startsWith(`${effect.table}/`);
  }
}
