import type { ColumnType, KeyText } from "./column-type.ts";
import { NearkeyError, ValueError } from "./error.ts";
import type { Template } from "./template.ts";

/** The longest key, in characters. A longer one is refused: it would not fit beside 99 others in one message. */
export const MAX_KEY_LENGTH = 1024;

/** A key whose parameters make it longer than `MAX_KEY_LENGTH`. */
export class KeyTooLongError extends NearkeyError {
  readonly code = "E_KEY_TOO_LONG";
  constructor(template: string, length: number) {
    super(
      `a key of ${template} would have ${length} characters`,
      `Keys hold at most ${MAX_KEY_LENGTH}; key the row by something shorter, or leave it uncached`,
    );
  }
}

type Params = Readonly<Record<string, unknown>>;
type Types = Readonly<Record<string, ColumnType>>;

/** A template ready to write: a text, then each parameter with the text that follows it. */
interface Pieces {
  readonly start: string;
  readonly holes: readonly Hole[];
}

interface Hole {
  readonly name: string;
  readonly type: KeyText;
  readonly after: string;
}

/** Makes the function that writes keys of one template. It is on the path of every hit, so what can be joined is joined here. */
export function keyWriter(template: Template, types: Types): (params: Params) => string {
  const { start, holes } = piecesOf(template, types);
  const bounded = (text: string): string => {
    if (text.length > MAX_KEY_LENGTH) throw new KeyTooLongError(template.source, text.length);
    return text;
  };
  const [first, ...others] = holes;
  if (first === undefined) {
    const constant = bounded(start);
    return () => constant;
  }
  if (others.length === 0) {
    return (params) => bounded(start + first.type.write(given(params, first.name)) + first.after);
  }
  return (params) => {
    let text = start;
    for (const hole of holes) text += hole.type.write(given(params, hole.name)) + hole.after;
    return bounded(text);
  };
}

function piecesOf(template: Template, types: Types): Pieces {
  let start = "";
  const holes: (Hole & { after: string })[] = [];
  for (const [i, segment] of template.segments.entries()) {
    const text = (i === 0 ? "" : "_") + (segment.kind === "literal" ? segment.text : "");
    const last = holes.at(-1);
    if (last === undefined) start += text;
    else last.after += text;
    if (segment.kind === "param") holes.push({ name: segment.name, type: keyTextOf(types, segment.name), after: "" });
  }
  return { start, holes };
}

/** A parameter that was left out, or is null, is refused here: a null cannot be in a Cassandra key. */
function given(params: Params, name: string): unknown {
  const value = params[name];
  if (value === undefined || value === null)
    throw new ValueError(`key parameter {${name}}`, value, "a value: nothing in a key may be null");
  return value;
}

function keyTextOf(types: Types, name: string): KeyText {
  const text = types[name]?.keyText;
  if (text === undefined) throw new ValueError("key type", types[name]?.cql, "a scalar type");
  return text;
}

/** The parameters that a key of this template stands for, or undefined if it is not one: the inverse of what `keyWriter` makes. */
export function readKey(template: Template, types: Types, text: string): Params | undefined {
  if (text.length > MAX_KEY_LENGTH) return undefined;
  const texts = text.split("_");
  const { segments } = template;
  if (texts.length !== segments.length) return undefined;
  const params: Record<string, unknown> = {};
  for (const [i, segment] of segments.entries()) {
    if (segment.kind === "literal") {
      if (texts[i] !== segment.text) return undefined;
      continue;
    }
    const value = types[segment.name]?.keyText?.parse(texts[i] ?? "");
    if (value === undefined) return undefined;
    params[segment.name] = value;
  }
  return params;
}
