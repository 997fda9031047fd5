import type { Written } from "../../src/engine/writer.ts";
import type { Write } from "./history.ts";
import type { Life } from "./life.ts";
import type { ToWrite } from "./mutations.ts";
import type { Node } from "./node.ts";
import type { Simulation } from "./simulation.ts";

/** A client has this written by this process. */
export function startWrite(sim: Simulation, node: Node, n: number, { mutations, effects }: ToWrite): void {
  node.process.enter("requests", () => {
    const { life } = node;
    if (life?.writer === undefined) return;
    const { writer } = life;
    const { result: writing, id } = life.naming(() => writer.write(mutations));
    const write = sim.history.begin({
      n,
      id: id ?? `unnamed-${n}`,
      owner: node.name,
      effects,
      begunAtMs: sim.world.nowMs,
      mayGoUnfenced: node.role.onLogDown === "write",
    });
    sim.nameWrite(mutations, write);
    sim.world.say(node.name, () => `begins w${n}: ${effects.map((of) => Object.values(of).join(" ")).join(", ")}`);
    life.begun.push(write);
    life.waiting.add(write);
    writing
      .then((written) => noteWritten(sim, life, write, written))
      .catch((error: unknown) => noteFailed(sim, life, write, error))
      .finally(() => life.waiting.delete(write));
  });
}

function noteWritten(sim: Simulation, life: Life, write: Write, { applied, position }: Written): void {
  const { world, history } = sim;
  world.agenda.mix(write.n);
  if (applied) history.report(write, position, world.nowMs);
  else write.isVoid = true;
  write.toldAtMs = world.nowMs;
  if (position === undefined) {
    world.count("written unannounced");
    write.owedSinceMs = world.nowMs;
  } else if (applied) sim.acknowledged++;
  const how = applied ? "successful" : "not applied";
  world.say(life.name, () => `w${write.n} is reported ${how} @${position?.epoch}.${position?.sequence}`);
}

/** What a write may fail with, whatever the faults; anything else is a bug. */
const FAILURES: readonly string[] = [
  "E_FENCE_FAILED",
  "E_OVERLOADED",
  "E_NOT_ANNOUNCED",
  "E_NOT_CHECKED",
  "E_WRITE_UNKNOWN",
  "E_WRITE_REFUSED",
  "E_CLOSED",
];

function noteFailed({ world }: Simulation, life: Life, write: Write, error: unknown): void {
  const { code, message } = errorOf(error);
  world.say(life.name, `w${write.n} failed: ${code} ${message}`);
  if (code === "E_FENCE_FAILED") world.count(message.includes("too old") ? "fence too old" : "fence failed");
  if (code === "E_NOT_ANNOUNCED") write.toldAtMs = world.nowMs;
  if (code === "E_NOT_ANNOUNCED" || code === "E_WRITE_UNKNOWN") write.owedSinceMs = world.nowMs;
  if (!FAILURES.includes(code)) world.violate(`failed: w${write.n} with ${message}`);
}

export function errorOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  return { code: "code" in error ? String(error.code) : "", message: error.message };
}
