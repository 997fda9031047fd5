import type { Answer } from "../engine/near-cache.ts";
import type { Instant } from "../protocol/instant.ts";

/**
 * The `Cache-Status` of an answer (RFC 9211). Never with `key`, which helps those who poison caches (section 6).
 *
 * @example
 * cacheStatus(answer, now) // "nearkey; hit; ttl=3541"
 */
export function cacheStatus(answer: Answer, now: Instant): string {
  const { source, detail } = answer;
  switch (source) {
    case "hit":
      return `nearkey; hit${ttlOf(answer, now)}`;
    case "unproven":
      return `nearkey; hit${ttlOf(answer, now)}; detail=unproven`;
    case "miss":
      return `nearkey; fwd=uri-miss${storedOf(answer)}`;
    case "joined":
      return `nearkey; fwd=uri-miss; collapsed${answer.stored ? "" : storedOf(answer)}`;
    case "refresh":
      return `nearkey; fwd=request${storedOf(answer)}`;
    case "behind":
      return `nearkey; fwd=request${detailOf(answer)}`;
    case "bypass":
      return `nearkey; fwd=${detail === "unproven" ? "stale" : "bypass"}${detailOf(answer)}`;
  }
}

function ttlOf({ expiresAtMs }: Answer, now: Instant): string {
  return Number.isFinite(expiresAtMs) ? `; ttl=${Math.floor((expiresAtMs - now.monotonicMs) / 1000)}` : "";
}

const storedOf = (answer: Answer): string => (answer.stored ? "; stored" : `; stored=?0${detailOf(answer)}`);

const detailOf = ({ detail }: Answer): string => (detail === undefined ? "" : `; detail=${detail}`);
