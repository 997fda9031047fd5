import { SpecError } from "./error.ts";

/** A key template taken apart at its underscores: `users_{id}_friends` is literal, parameter, literal. */
export interface Template {
  readonly source: string;
  readonly segments: readonly Segment[];
}

export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "param"; readonly name: string };

/** The parameter names of a template, as a type: `Params<"users_{id}_friends">` is `"id"`. */
export type Params<T extends string> = T extends `${string}{${infer P}}${infer R}` ? P | Params<R> : never;

const UNDERSCORE_OUTSIDE_BRACES = /_(?![^{]*\})/;
const PARAM = /^\{([A-Za-z][A-Za-z0-9_]*)\}$/;
/** Only what also stands for itself in an HTTP path: there, `:` and `+` would mean something. */
const LITERAL = /^[A-Za-z0-9][A-Za-z0-9.~@-]*$/;

/**
 * Takes a template apart. A parameter fills a whole segment between underscores, so that a key can be read back without
 * guessing where a value ends. Throws `SpecError`.
 *
 * @example
 * parseTemplate("users_{id}").segments; // [{ kind: "literal", text: "users" }, { kind: "param", name: "id" }]
 */
export function parseTemplate(source: string): Template {
  const segments = source.split(UNDERSCORE_OUTSIDE_BRACES).map((text) => parseSegment(source, text));
  if (segments[0]?.kind !== "literal") {
    throw new SpecError(
      `template ${source} begins with a parameter`,
      "Begin with a word, so that a key in a log names its kind",
    );
  }
  const names = paramNames(segments);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new SpecError(`template ${source} names {${twice}} twice`, "Name each parameter once");
  }
  return Object.freeze({ source, segments: Object.freeze(segments) });
}

/** The parameters of these segments, in order. */
export function paramNames(segments: readonly Segment[]): readonly string[] {
  return segments.flatMap((segment) => (segment.kind === "param" ? [segment.name] : []));
}

function parseSegment(source: string, text: string): Segment {
  const name = PARAM.exec(text)?.[1];
  if (name !== undefined) return { kind: "param", name };
  if (LITERAL.test(text)) return { kind: "literal", text };
  throw new SpecError(
    `template ${source} has the segment "${text}"`,
    "Between underscores write either one {parameter}, or a word of letters, digits and .~@- that begins with a letter or digit",
  );
}
