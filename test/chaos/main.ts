/**
 * Chaos on real servers: Cassandra and nats-server, backends and frontends in processes of their own, and clients whose every answer is held
 * against what was written, while servers, processes, links and the stream between them are broken.
 *
 *     npm run chaos -- --help
 */
import { NearkeyError } from "../../src/spec/error.ts";
import { openRunFolder } from "./deployment/run-folder.ts";
import { describeTopology } from "./deployment/topology.ts";
import { createFindings } from "./judge/findings.ts";
import { parseOptions } from "./run/options.ts";
import { runChaos } from "./run/run.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const options = parseOptions(process.argv.slice(2), process.env.SEED);
const folder = openRunFolder();
const findings = createFindings(({ kind, words }) => say(`!! ${kind}: ${words}`));
const end = new AbortController();
const asked = Symbol("asked to stop");
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => end.abort(asked));

say(`${describeTopology(options.topology)}; bound ${options.boundMs} ms; SEED=${options.seed}`);
try {
  const onDeath = (error: Error): void => findings.add("process died", error.message);
  await runChaos({ ...options, folder, findings, say, onDeath, signal: end.signal });
} catch (error) {
  if (end.signal.reason !== asked)
    findings.add("uncaught error", error instanceof NearkeyError ? error.message : String(error));
}
const failed = findings.counts.size > 0;
if (failed) say(`the logs are in ${folder.keepLogs()}; SEED=${options.seed} chooses the same faults again`);
folder.remove();
process.exit(end.signal.aborted ? 130 : failed ? 1 : 0);
