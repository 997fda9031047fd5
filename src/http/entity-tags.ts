const TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** Whether `If-None-Match` names this entity tag: weakly, as RFC 9110, 13.1.2 says, so a proxy's `W/` does not matter. */
export function noneMatchNames(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag || header.trim() === "*") return true;
  for (const [, , tag] of header.matchAll(TAG)) if (tag === etag) return true;
  return false;
}

/** Whether `If-Match` is absent or names this entity tag: strongly, as RFC 9110, 13.1.1 says. */
export function matchAllows(header: string | undefined, etag: string): boolean {
  if (header === undefined || header.trim() === "*") return true;
  for (const [, weak, tag] of header.matchAll(TAG)) if (weak === undefined && tag === etag) return true;
  return false;
}
