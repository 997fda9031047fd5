import type { Answer } from "../../src/engine/near-cache.ts";
import type { Requested } from "./judge.ts";
import type { Life } from "./life.ts";
import type { Path } from "./paths.ts";
import { type ToRead, wordsOf } from "./reads.ts";
import type { Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";

const SOURCES: Readonly<Record<Answer["source"], Path | undefined>> = {
  hit: "hit",
  miss: "miss",
  joined: "joined flight",
  unproven: "labelled hit",
  behind: "position behind",
  bypass: undefined, // joined or not: see below
  refresh: undefined,
};

/** Which way an answer was come by, as far as it says; and whether it says what it must. */
export function countPaths(
  sim: Simulation,
  life: Life,
  read: ToRead,
  request: Requested,
  answer: Answer,
  hasBegunLoad: boolean,
): void {
  const { world } = sim;
  const { source, detail, partial, value } = answer;
  const path = SOURCES[source];
  if (path !== undefined) world.count(path);
  if (source === "bypass") world.count(life.hasAnswered(value) ? "joined bypass" : "bypass");
  if (source === "hit" && hasBegunLoad) world.count("early refresh");
  if (detail === "raced") world.count(isView(read) ? "detached view" : "detached flight");
  if (detail === "beyond-bound") world.count("page beyond the bound");
  if (partial) world.count("list cut at its bound");
  if (life.flushedAtMs !== undefined && world.nowMs < life.flushedAtMs + TIMES.fenceMs + TIMES.settleMs)
    world.count("read in quarantine");
  countPositions(sim, request, answer);
  checkLabel(sim, read, request, answer);
  checkDependencies(sim, read, answer);
}

function countPositions({ world }: Simulation, { position, minPosition }: Requested, { source }: Answer): void {
  if (minPosition === undefined) return;
  const isOther = position !== undefined && position.epoch !== minPosition.epoch;
  if (isOther) world.count("position of another life");
  const isApplied = !isOther && (position?.sequence ?? 0) >= minPosition.sequence;
  if (!isApplied && source !== "behind") world.count("position waited for");
}

/** An answer is labelled only where that is allowed, and wherever it must be. */
function checkLabel({ world }: Simulation, read: ToRead, request: Requested, { source, coherent }: Answer): void {
  if (source === "unproven" && (coherent || read.name !== "card"))
    world.violate(`label: ${request.reader} answers ${wordsOf(read)} unproven`);
  // What was loaded before that was known stays labelled, and so does a view that read it.
  const mustBeCoherent = request.isReady && !world.isWeak && LOADED.includes(source) && !isView(read);
  if (!coherent && mustBeCoherent) world.violate(`label: ${request.reader} labels ${wordsOf(read)}, a ${source}`);
}

const LOADED: readonly Answer["source"][] = ["miss", "bypass", "behind", "refresh"];

/** What passes the bound on dependencies is answered, and not kept. */
function checkDependencies({ world, deployment }: Simulation, read: ToRead, answer: Answer): void {
  const most = deployment.settings.maxDependencies ?? Number.POSITIVE_INFINITY;
  if (!isView(read) || answer.source === "hit" || dependenciesOf(answer) <= most) return;
  world.count("dependency bound reached");
  if (answer.stored) world.violate(`dependencies: ${wordsOf(read)} needs more than ${most}, and is kept`);
}

const isView = ({ name }: ToRead): boolean => name === "names" || name === "circle";

/** How many names a list of names depends on at least: the list, and each friend, by key and by partition. */
function dependenciesOf({ value }: Answer): number {
  const { list } = Object(value);
  return Array.isArray(list) ? 2 + 2 * list.length : 0;
}
