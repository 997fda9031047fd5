import { catalogOf, type KeySet } from "../spec/catalog.ts";
import { parsePath } from "../spec/http-path.ts";
import type { AnyKey } from "../spec/key.ts";
import { paramNames } from "../spec/template.ts";
import { valueOfText } from "./param-text.ts";
import { badParameters, unknownParameter, wrongText } from "./parameter-faults.ts";
import { type PathMatch, type PathTree, pathTree } from "./path-tree.ts";
import type { Fault } from "./problem.ts";
import { LIST_QUERY } from "./read-options.ts";
import type { Query } from "./request-target.ts";

/** A declared key, and its parameters in the order of its path. */
export interface KeyRoute {
  readonly key: AnyKey;
  readonly names: readonly string[];
}

/** What is served under one path: a key, many of a key whose last parameter comes in the query, or both. */
interface Place {
  one: KeyRoute | undefined;
  many: KeyRoute | undefined;
}

export type Params = Readonly<Record<string, unknown>>;

/** One value that a request asks for. */
export interface AskedOne {
  readonly kind: "one";
  readonly key: AnyKey;
  readonly params: Params;
}

/** Many values of one key, in the order asked. */
export interface AskedMany {
  readonly kind: "many";
  readonly key: AnyKey;
  readonly params: readonly Params[];
}

export type Asked = AskedOne | AskedMany;

export type KeyMatch = PathMatch<Place>;

/** The most values of one key that one request may ask for. */
export const MAX_MANY = 100;

/** Lays out the paths of the declared keys. */
export function keyRoutes(keys: KeySet): PathTree<Place> {
  const routes = pathTree<Place>();
  const nothing = (): Place => ({ one: undefined, many: undefined });
  for (const { key } of catalogOf(keys).keys) {
    const path = parsePath(key.template, key.httpPath);
    const route: KeyRoute = { key, names: paramNames(path) };
    routes.at(path, nothing).one = route;
    const last = path.at(-1); // a parameter called `limit` would be taken for the size of a page
    if (last?.kind === "param" && !LIST_QUERY.includes(last.name)) routes.at(path.slice(0, -1), nothing).many = route;
  }
  return routes;
}

/** Which key, and which rows of it, the request means. Throws `HttpProblem` for parameters that are none. */
export function askedFor(matches: readonly KeyMatch[], query: Query): Asked {
  for (const { found, texts } of matches) {
    if (found.many !== undefined && query.has(lastName(found.many))) return askedMany(found.many, texts, query);
    if (found.one !== undefined) return { kind: "one", key: found.one.key, params: paramsOf(found.one, texts) };
  }
  const names = matches.flatMap(({ found }) => (found.many === undefined ? [] : [lastName(found.many)]));
  throw badParameters(names.map((parameter) => ({ parameter, detail: `Name at least one, as in ?${parameter}=...` })));
}

function askedMany(route: KeyRoute, texts: KeyMatch["texts"], query: Query): Asked {
  const name = lastName(route);
  const unknown = [...query.keys()].filter((other) => other !== name);
  if (unknown.length > 0) throw badParameters(unknown.map((parameter) => unknownParameter(parameter, [name])));
  const values = query.get(name) ?? [];
  if (values.length > MAX_MANY) {
    throw badParameters([{ parameter: name, detail: `${values.length} values; ask for at most ${MAX_MANY} at once` }]);
  }
  return { kind: "many", key: route.key, params: values.map((value) => paramsOf(route, [...texts, value])) };
}

function paramsOf({ key, names }: KeyRoute, texts: KeyMatch["texts"]): Params {
  const params: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [i, name] of names.entries()) {
    const value = valueOfText(key.params[name], texts[i]);
    if (value === undefined) faults.push(wrongText(name, key.params[name], texts[i]));
    else params[name] = value;
  }
  if (faults.length > 0) throw badParameters(faults);
  return params;
}

const lastName = (route: KeyRoute): string => route.names.at(-1) ?? "";
