import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { NearkeyError } from "../../index.ts";

/** Who is a friend of whom; every friendship once. */
export interface Graph {
  readonly people: readonly number[];
  readonly friendships: readonly (readonly [number, number])[];
}

/** A file of friendships that cannot be read. */
export class EdgeListError extends NearkeyError {
  readonly code = "E_EDGE_LIST";
}

/** A line is two person numbers with blanks or a comma between; empty lines and those that begin with # are passed over. */
const EDGE = /^(\d{1,10})[\s,]+(\d{1,10})$/;
const LARGEST_ID = 2 ** 31 - 1;
/** The most friendships one file may hold: beyond it the demo would need a real import. */
const MAX_EDGES = 5_000_000;

/** Reads a file of friendships, plain or gzipped. Throws `EdgeListError`, with the number of the line. */
export async function readEdgeList(path: string): Promise<Graph> {
  const friendships: (readonly [number, number])[] = [];
  const seen = new Set<string>();
  let number = 0;
  for await (const line of linesOf(path)) {
    number++;
    const edge = parseEdge(path, line.trim(), number);
    if (edge === undefined || seen.has(edge.join())) continue;
    seen.add(edge.join());
    friendships.push(edge);
    if (friendships.length > MAX_EDGES)
      throw new EdgeListError(`${path} holds more than ${MAX_EDGES} friendships`, "Give a part of it");
  }
  if (friendships.length === 0)
    throw new EdgeListError(`${path} holds no friendships`, "Give lines of two person numbers");
  return { friendships, people: [...new Set(friendships.flat())].sort((a, b) => a - b) };
}

function parseEdge(path: string, line: string, number: number): readonly [number, number] | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const match = EDGE.exec(line);
  const [a, b] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || a > LARGEST_ID || b > LARGEST_ID || a === b) {
    throw new EdgeListError(
      `${path}, line ${number}: ${JSON.stringify(line.slice(0, 60))}`,
      "A line is two different person numbers",
    );
  }
  return a < b ? [a, b] : [b, a];
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const text = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => text.destroy(error));
  try {
    yield* createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    throw new EdgeListError(
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Check the path and the format",
      { cause },
    );
  } finally {
    file.destroy();
  }
}
