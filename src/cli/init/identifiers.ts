import * as language from "../../index.ts";

/** Words that cannot name a constant in a module. */
const KEYWORDS =
  "arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally for from function get if implements import in instanceof interface let new null of package private protected public return static super switch this throw true try type typeof undefined var void while with yield NaN Infinity".split(
    " ",
  );

/** Gives each thing in a module a name of its own. */
export class Identifiers {
  readonly #taken: Set<string>;

  /** `own` are the names that the module has for itself. */
  constructor(own: readonly string[] = []) {
    this.#taken = new Set([...KEYWORDS, ...Object.keys(language), ...own]);
  }

  /** The first of these that is free, else the last with a number. */
  take(...wanted: readonly [string, ...string[]]): string {
    const last = wanted.at(-1) ?? wanted[0];
    let name = wanted.find((each) => !this.#taken.has(each));
    for (let n = 2; name === undefined; n++) {
      if (!this.#taken.has(`${last}${n}`)) name = `${last}${n}`;
    }
    this.#taken.add(name);
    return name;
  }
}

/** `users_by_email` as `usersByEmail`. */
export function camelCase(name: string): string {
  const [first = "", ...others] = name.split("_").filter((word) => word !== "");
  return first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** What one row of a table is called: `friendships` holds a `friendship`. The same word where that is not plain to see. */
export function singularOf(plural: string): string {
  if (/[^aeiou]ies$/.test(plural)) return `${plural.slice(0, -3)}y`;
  if (/(ss|x|z|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return /[^sui]s$/.test(plural) ? plural.slice(0, -1) : plural;
}
