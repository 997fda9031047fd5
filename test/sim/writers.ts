import type { Written } from "../../src/engine/writer.ts";
import type { Write } from "./history.ts";
import type { ToWrite } from "./mutations.ts";
import type { Node } from "./node.ts";
import type { Simulation } from "./simulation.ts";

/** A client has this written by this process. */
export function startWrite(sim: Simulation, node: Node, n: number, { mutations, effects }: ToWrite): void {
  node.process.enter("requests", () => {
    const { writer } = node;
    if (writer === undefined) return;
    node.lastId = `unnamed-${n}`;
    const writing = writer.write(mutations);
    const write = sim.history.begin({ n, id: node.lastId, effects, begunAtMs: sim.world.nowMs });
    sim.nameWrite(mutations, write);
    sim.world.say(
      node.name,
      () => `begins w${n}: ${effects.map((effect) => Object.values(effect).join(" ")).join(", ")}`,
    );
    node.waiting.add(write);
    writing
      .then((written) => noteWritten(sim, node, write, written))
      .catch((error: unknown) => noteFailed(sim, node, write, error))
      .finally(() => node.waiting.delete(write));
  });
}

function noteWritten(sim: Simulation, node: Node, write: Write, written: Written): void {
  const { world, history } = sim;
  const { applied, position } = written;
  world.agenda.mix(write.n);
  if (!applied) write.isVoid = true;
  else history.report(write, position, world.nowMs);
  if (position === undefined) world.count("written unannounced");
  else if (applied) sim.acknowledged++;
  world.say(
    node.name,
    () => `w${write.n} is reported ${applied ? "successful" : "not applied"} @${position?.sequence}`,
  );
}

function noteFailed({ world }: Simulation, node: Node, write: Write, error: unknown): void {
  const { code, message } = errorOf(error);
  world.say(node.name, `w${write.n} failed: ${code} ${message}`);
  if (code === "E_FENCE_FAILED") world.count(message.includes("too old") ? "fence too old" : "fence failed");
  else if (code === "E_OVERLOADED") world.count("overloaded");
  else if (
    code !== "E_NOT_ANNOUNCED" &&
    code !== "E_WRITE_UNKNOWN" &&
    code !== "E_WRITE_REFUSED" &&
    code !== "E_CLOSED"
  )
    world.violate(`w${write.n} failed with ${message}`);
}

export function errorOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  return { code: "code" in error ? String(error.code) : "", message: error.message };
}
