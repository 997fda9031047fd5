/** Copies a graph of plain data: objects, arrays, maps and sets; what is shared stays shared. Frozen objects are not copied. */
export function cloneGraph<T extends object>(value: T): T {
  return copyOf(value, new Map()) as T; // like structuredClone, whose type this is
}

function copyOf(value: object, copies: Map<object, object>): object {
  if (Object.isFrozen(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof Map) return copyOfMap(value, copies);
  if (Array.isArray(value)) return copyOfArray(value, copies);
  if (value instanceof Set) return copyOfSet(value, copies);
  if (value instanceof Float64Array) return value.slice();
  const copy: Record<string, unknown> = { ...value };
  copies.set(value, copy);
  for (const key in copy) {
    const item = copy[key];
    if (typeof item === "object" && item !== null) copy[key] = copyOf(item, copies);
  }
  return copy;
}

function copyOfMap(value: ReadonlyMap<unknown, unknown>, copies: Map<object, object>): object {
  const copy = new Map<unknown, unknown>();
  copies.set(value, copy);
  if (value.size === 0) return copy;
  for (const [key, item] of value) copy.set(key, copyOfItem(item, copies));
  return copy;
}

function copyOfArray(value: readonly unknown[], copies: Map<object, object>): object {
  const copy = value.slice();
  copies.set(value, copy);
  for (let i = 0; i < copy.length; i++) copy[i] = copyOfItem(copy[i], copies);
  return copy;
}

function copyOfSet(value: ReadonlySet<unknown>, copies: Map<object, object>): object {
  const copy = new Set<unknown>();
  copies.set(value, copy);
  for (const item of value) copy.add(copyOfItem(item, copies));
  return copy;
}

function copyOfItem(item: unknown, copies: Map<object, object>): unknown {
  return typeof item === "object" && item !== null ? copyOf(item, copies) : item;
}

/** What to write in place of a property: a text, or undefined to leave it out. */
export type Written = (value: unknown, owner: object) => string | undefined;

/** A graph as text: the same text for graphs of the same shape and values. Every property counts, but for those in `instead`. */
export function graphText(value: object, instead: ReadonlyMap<string, Written>): string {
  return textOf(value, { numbers: new Map(), instead });
}

interface Writing {
  /** Objects met so far: one that is met again is written by its number, so that what is shared can be told from what is equal. */
  readonly numbers: Map<object, number>;
  readonly instead: ReadonlyMap<string, Written>;
}

const frozenTexts = new WeakMap<object, string>();

function textOf(of: unknown, writing: Writing): string {
  if (typeof of !== "object" || of === null) return String(of);
  const number = writing.numbers.get(of);
  if (number !== undefined) return `#${number}`;
  if (Object.isFrozen(of)) return frozenText(of);
  writing.numbers.set(of, writing.numbers.size);
  if (of instanceof Map) return mapText(of, writing);
  if (Array.isArray(of)) return listText("[", of, writing);
  if (of instanceof Set) return listText("<", of, writing);
  if (of instanceof Float64Array) return `f${of.join()}`;
  return objectText(of, writing);
}

function frozenText(of: object): string {
  const known = frozenTexts.get(of);
  if (known !== undefined) return known;
  const text = JSON.stringify(of);
  frozenTexts.set(of, text);
  return text;
}

function mapText(of: ReadonlyMap<unknown, unknown>, writing: Writing): string {
  if (of.size === 0) return "()";
  let text = "(";
  for (const [key, item] of of) text += `${String(key)}>${textOf(item, writing)},`;
  return text;
}

function listText(open: string, of: Iterable<unknown>, writing: Writing): string {
  let text = open;
  for (const item of of) text += `${textOf(item, writing)},`;
  return text;
}

function objectText(of: object, writing: Writing): string {
  let text = "{";
  const properties: Record<string, unknown> = { ...of };
  for (const key in properties) {
    const written = writing.instead.get(key);
    if (written === undefined) text += `${key[0]}:${textOf(properties[key], writing)},`;
    else text += written(properties[key], of) ?? "";
  }
  return `${text}}`;
}
