/** A CQL map of texts: with nearkey's encoding the driver reads one as a Map, with its own as an object. */
export function textMap(value: unknown): ReadonlyMap<string, string> {
  const entries = value instanceof Map ? [...value] : Object.entries(Object(value));
  return new Map(entries.map(([name, each]) => [String(name), String(each)]));
}
