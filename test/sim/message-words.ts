/** A message of the log as a trace tells it: `keys of p1-1-17: users_0 quick_0`. */
export function wordsOfMessage(body: string): string {
  const { kind, write, tick, flush, keys = [], partitions = [], tables = [], spec } = parsed(body);
  if (kind === "tick") return `tick ${tick}${flush === true ? ", FLUSH" : ""}`;
  if (write === undefined) return `junk: ${body}`;
  const names = [keys, partitions, tables].flatMap((of) => (Array.isArray(of) ? of : []));
  return `${kind} of ${write}: ${names.join(" ") || "no names"} (key spec ${spec})`;
}

/** Nothing where it is no message. */
export function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
