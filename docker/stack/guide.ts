import { cqlPort } from "./cassandra-conf.ts";
import { runFile } from "./run-file.ts";
import type { RunningStack } from "./running-stack.ts";

/** What to do with a stack that is ready. */
export function guide({ dataCenters, nats, where }: RunningStack, startMs: number): string {
  const cassandra = [...dataCenters].map(
    ([name, nodes]) => `  Cassandra  ${nodes.map(withPort).join(" ")} (data centre ${name})`,
  );
  return `
ready after ${(startMs / 1000).toFixed(1)} s

${cassandra.join("\n")}
  NATS       ${nats.servers.join(" ")}
  ${where}

Run nearkey on it, from another terminal:

  npm start -- --real${elsewhere()}

Ctrl-C stops everything.`;
}

function withPort(address: string): string {
  return `${address}:${cqlPort}`;
}

/** `nearkey dev` looks into the project's own folder unless told otherwise. */
function elsewhere(): string {
  return process.env.NEARKEY_STACK_DIR ? ` --stack-file ${runFile()}` : "";
}
