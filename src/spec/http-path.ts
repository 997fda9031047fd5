import { SpecError } from "./error.ts";
import { paramNames, type Segment, type Template } from "./template.ts";

const PARAM = /^:([A-Za-z][A-Za-z0-9_]*)$/;
/** Nothing that an Express route or a URL would read as more than itself. */
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.~@-]*$/;

/** The path that follows the template: `/users/:id/friends`. */
export function defaultPath(template: Template): string {
  return `/${template.segments.map((s) => (s.kind === "param" ? `:${s.name}` : s.text)).join("/")}`;
}

/** Takes a path apart at its slashes. Throws `SpecError` unless it names each parameter of the template once. */
export function parsePath(template: Template, httpPath: string): readonly Segment[] {
  const wanted = paramNames(template.segments);
  const refuse = (): never => {
    throw new SpecError(
      `${template.source} cannot be served under ${httpPath}`,
      `Begin with /, separate plain words by /, and name each parameter once${wanted.length > 0 ? `: ${wanted.map((w) => `:${w}`).join(", ")}` : ""}`,
    );
  };
  if (!httpPath.startsWith("/")) return refuse();
  const segments = httpPath
    .slice(1)
    .split("/")
    .map((text) => parseSegment(text) ?? refuse());
  const named = paramNames(segments);
  return [...named].sort().join() === [...wanted].sort().join() ? segments : refuse();
}

function parseSegment(text: string): Segment | undefined {
  const name = PARAM.exec(text)?.[1];
  if (name !== undefined) return { kind: "param", name };
  return WORD.test(text) ? { kind: "literal", text } : undefined;
}
