/** A type as a schema writes it, taken apart: `map<text, frozen<address>>`. */
export interface CqlType {
  /** Of a type, or the number of a vector's dimensions. */
  readonly name: string;
  /** What stands between `<` and `>`. */
  readonly of: readonly CqlType[];
}

/** A bare or quoted name, a number, or one of `<`, `>` and `,`. */
const TOKEN = /\s*(?:"((?:[^"]|"")*)"|([A-Za-z0-9_]+)|([<>,]))/y;

/** Takes a type apart; undefined if it is written in another way, as a Java class is. */
export function parseCqlType(text: string): CqlType | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const [type, rest] = readType(tokens) ?? [];
  return rest?.length === 0 ? type : undefined;
}

type Token = { readonly sign: string } | { readonly name: string };

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [matched, quoted, bare, sign] = TOKEN.exec(text) ?? [];
    if (matched === undefined) return undefined;
    tokens.push(sign === undefined ? { name: quoted?.replaceAll('""', '"') ?? bare ?? "" } : { sign });
  }
  return tokens;
}

type Read<T> = readonly [T, readonly Token[]] | undefined;

function readType([first, ...rest]: readonly Token[]): Read<CqlType> {
  if (first === undefined || !("name" in first)) return undefined;
  if (!isSign(rest[0], "<")) return [{ name: first.name, of: [] }, rest];
  const [of, after] = readList(rest.slice(1)) ?? [];
  return of === undefined || after === undefined ? undefined : [{ name: first.name, of }, after];
}

/** Types with commas up to the closing `>`. */
function readList(tokens: readonly Token[]): Read<readonly CqlType[]> {
  const [first, rest] = readType(tokens) ?? [];
  if (first === undefined || rest === undefined) return undefined;
  if (isSign(rest[0], ">")) return [[first], rest.slice(1)];
  if (!isSign(rest[0], ",")) return undefined;
  const [others, after] = readList(rest.slice(1)) ?? [];
  return others === undefined || after === undefined ? undefined : [[first, ...others], after];
}

const isSign = (token: Token | undefined, sign: string): boolean =>
  token !== undefined && "sign" in token && token.sign === sign;
