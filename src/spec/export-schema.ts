import { z } from "zod";

const MAX_NAME = 1024;
const MAX_ENTRIES = 10_000;

const name = z.string().max(MAX_NAME);
const names = z.array(name).max(MAX_ENTRIES);
const texts = z.record(name, name);

const table = z.object({
  columns: texts,
  partition: names,
  clustering: z.array(z.object({ column: name, order: name })).max(MAX_ENTRIES),
  static: names,
  counter: z.boolean(),
  ttl: name,
});

const key = z.object({
  name,
  template: name,
  params: texts,
  kind: name,
  first: z.int().nullable(),
  sources: z.array(z.object({ table: name, bind: texts })).max(MAX_ENTRIES),
  httpPath: name,
  /** Compared and not obeyed: those of other versions pass. */
  options: z.record(name, z.json()),
});

/** A key spec that another process exported, read back. */
export const exportSchema = z.object({
  format: z.literal(1),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  tables: z.record(name, table),
  keys: z.array(key).max(MAX_ENTRIES),
});

export type ReadExport = z.infer<typeof exportSchema>;
