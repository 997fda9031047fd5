import type { Instant } from "../protocol/instant.ts";

/** The earlier of two moments, on each clock. */
export function earlier(a: Instant, b: Instant): Instant {
  return { monotonicMs: Math.min(a.monotonicMs, b.monotonicMs), wallMs: Math.min(a.wallMs, b.wallMs) };
}
