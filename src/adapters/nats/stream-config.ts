import { z } from "zod";
import { LogConfigurationError } from "../../ports/log-errors.ts";
import type { Subjects } from "./subjects.ts";

/** How much the stream keeps, and on how many servers. What is left out is not checked on a stream that exists. */
export interface StreamSize {
  /** Default for a new stream: 3 in a cluster, 1 on a lone server. */
  readonly replicas?: number | undefined;
  /** Default for a new stream: 1 hour. At least fence + settle, or a cold start cannot replay. */
  readonly maxAgeMs?: number | undefined;
  /** Default for a new stream: 1 GiB. */
  readonly maxBytes?: number | undefined;
}

const DEFAULT_MAX_AGE_MS = 3_600_000;
const DEFAULT_MAX_BYTES = 1024 ** 3;
const NANOS_PER_MS = 1_000_000;
const DUPLICATE_WINDOW_MS = 120_000;

/** The settings we look at in a stream's configuration. The server leaves out what is false, and some of what is zero. */
export const streamConfig = z.looseObject({
  subjects: z.array(z.string()).default([]),
  num_replicas: z.number(),
  max_age: z.number().default(0),
  max_bytes: z.number().default(-1),
  duplicate_window: z.number().default(0),
});
export type StreamConfig = z.infer<typeof streamConfig>;

/**
 * What makes the stream a log: sequences without holes, nobody who can delete in the middle, every record on disk and sent on.
 * These must be so on every stream; undefined stands for false, absent or empty.
 */
function essentials(subjects: Subjects): Readonly<Record<string, unknown>> {
  return {
    subjects: [subjects.stored],
    republish: { src: subjects.stored, dest: subjects.republished },
    storage: "file",
    retention: "limits",
    discard: "old",
    deny_delete: true,
    deny_purge: true,
    allow_direct: true,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    mirror_direct: undefined,
    mirror: undefined,
    sources: undefined,
    subject_transform: undefined,
    sealed: undefined,
    no_ack: undefined,
    persist_mode: undefined,
    allow_rollup_hdrs: undefined,
    allow_msg_ttl: undefined,
    allow_msg_counter: undefined,
    allow_msg_schedules: undefined,
  };
}

/** The configuration of a new stream. */
export function newStream(subjects: Subjects, size: StreamSize, clustered: boolean): object {
  return {
    ...essentials(subjects),
    description: `nearkey: the invalidation log of ${subjects.namespace}`,
    num_replicas: size.replicas ?? (clustered ? 3 : 1),
    max_age: (size.maxAgeMs ?? DEFAULT_MAX_AGE_MS) * NANOS_PER_MS,
    max_bytes: size.maxBytes ?? DEFAULT_MAX_BYTES,
    duplicate_window: Math.min(DUPLICATE_WINDOW_MS, size.maxAgeMs ?? DEFAULT_MAX_AGE_MS) * NANOS_PER_MS,
  };
}

/** Throws `LogConfigurationError`, naming each setting that differs from what nearkey needs. */
export function checkStream(name: string, live: StreamConfig, subjects: Subjects, size: StreamSize): void {
  const wrong = [...wrongEssentials(live, subjects), ...tooSmall(live, size)];
  if (wrong.length === 0) return;
  throw new LogConfigurationError(
    `The stream ${name} is not set up as nearkey needs it: ${wrong.join("; ")}`,
    "Change these settings, or delete the stream and let a backend create it (frontends then start cold)",
  );
}

function wrongEssentials(live: StreamConfig, subjects: Subjects): readonly string[] {
  return Object.entries(essentials(subjects)).flatMap(([setting, wanted]) => {
    const [is, shall] = [shown(live[setting]), shown(wanted)];
    return is === shall ? [] : [`${setting} is ${is}, not ${shall}`];
  });
}

function tooSmall(live: StreamConfig, size: StreamSize): readonly string[] {
  const ageMs = maxAgeMs(live);
  const bytes = live.max_bytes <= 0 ? Number.POSITIVE_INFINITY : live.max_bytes;
  const least = (setting: string, is: number, wanted: number | undefined) =>
    wanted === undefined || is >= wanted ? [] : [`${setting} is ${is}, not at least ${wanted}`];
  return [
    ...least("num_replicas", live.num_replicas, size.replicas),
    ...least("max_age (ms)", ageMs, size.maxAgeMs),
    ...least("max_bytes", bytes, size.maxBytes),
    ...least("duplicate_window (ms)", live.duplicate_window / NANOS_PER_MS, Math.min(DUPLICATE_WINDOW_MS, ageMs)),
  ];
}

/** How long the stream keeps messages; the server writes no limit as zero. It keeps no ids for longer. */
export function maxAgeMs({ max_age }: StreamConfig): number {
  return max_age === 0 ? Number.POSITIVE_INFINITY : max_age / NANOS_PER_MS;
}

/** A setting in words; what is absent, false, empty or zero reads alike. */
function shown(value: unknown): string {
  if (value === undefined || value === null || value === false || value === "" || value === 0) return "absent";
  return JSON.stringify(value);
}
