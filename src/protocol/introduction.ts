import { z } from "zod";
import { NearkeyError } from "../spec/error.ts";
import type { ExportedKeys } from "../spec/export.ts";
import { exportSchema } from "../spec/export-schema.ts";

/**
 * What a process says of itself to whoever calls the roll. It travels beside the log and decides nothing about what is cached: it is for
 * people, who want to know whether the processes of a deployment were built from one key spec.
 */
export type Introduction = z.infer<typeof introduction>;

/** What the process says beside what its adapter knows. */
export interface Introduced {
  readonly role: Introduction["role"];
  readonly exported: ExportedKeys;
}

/** The most bytes of one introduction. A larger key spec stays at home, and only its fingerprint is told. */
export const MAX_INTRODUCTION_BYTES = 256 * 1024;

const introduction = z.object({
  v: z.literal(1),
  role: z.enum(["frontend", "backend"]),
  host: z.string().max(256),
  pid: z.int().min(0),
  fingerprint: exportSchema.shape.fingerprint,
  /** Null where it is larger than a message may be. */
  spec: exportSchema.nullable(),
});

/** An answer to a roll call that is no introduction of this version. */
export class IntroductionError extends NearkeyError {
  readonly code = "E_INTRODUCTION";
}

/** The text of an introduction, within `maxBytes`. */
export function encodeIntroduction(
  { exported, role }: Introduced,
  { host, maxBytes, pid }: { readonly host: string; readonly pid: number; readonly maxBytes: number },
): string {
  const { fingerprint } = exported;
  const whole = JSON.stringify({ v: 1, role, host, pid, fingerprint, spec: exported });
  const bytes = new TextEncoder().encode(whole).length;
  if (bytes <= Math.min(maxBytes, MAX_INTRODUCTION_BYTES)) return whole;
  return JSON.stringify({ v: 1, role, host, pid, fingerprint, spec: null });
}

/** Throws `IntroductionError`. */
export function decodeIntroduction(text: string): Introduction {
  const remedy = "Find who else answers on this subject, or which version of nearkey it is";
  if (text.length > MAX_INTRODUCTION_BYTES)
    throw new IntroductionError(`an answer of ${text.length} characters`, remedy);
  const parsed = introduction.safeParse(parseJson(text, remedy));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new IntroductionError(`no introduction: ${issue?.path.join(".")}: ${issue?.message}`, remedy);
}

function parseJson(text: string, remedy: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new IntroductionError("an answer that is not JSON", remedy, { cause });
  }
}
