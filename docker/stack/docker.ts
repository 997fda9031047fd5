import { rmSync } from "node:fs";
import { join } from "node:path";
import { answersCql } from "./cassandra-ready.ts";
import { projectRoot, stackHome } from "./home.ts";
import { askJetStream } from "./nats-ready.ts";
import type { RunningStack, StartOptions } from "./running-stack.ts";
import { ServerProcess } from "./server-process.ts";
import { runTool, toolRuns } from "./tool.ts";
import { waitUntil } from "./wait.ts";

const address = "127.0.0.1";
const natsUrl = `nats://${address}:4222`;
const compose = ["compose", "-f", join(projectRoot, "docker-compose.yml")];

/** Asks for the engine: a `docker` program may be installed with none to talk to, or without `compose`. */
export async function dockerAnswers(): Promise<boolean> {
  return (await toolRuns("docker", ["version"])) && (await toolRuns("docker", ["compose", "version"]));
}

/** Cassandra and NATS of docker-compose.yml, without the backend and the frontends in it. */
export async function startInDocker({ keep, log, signal, onDeath }: StartOptions): Promise<RunningStack> {
  const logFile = join(stackHome(), "docker.log");
  rmSync(logFile, { force: true });
  if (!keep) await down(keep);
  log("docker: starting cassandra and nats (the first time, their images are downloaded)");
  const containers = new ServerProcess({
    name: "docker compose",
    command: ["docker", ...compose, "up", "--abort-on-container-exit", "cassandra", "nats"],
    cwd: projectRoot,
    logFile,
    ready: (giveUp, stop) =>
      waitUntil(
        {
          what: "An answer of both",
          deadlineMs: 900_000,
          everyMs: 500,
          remedy: `Look at ${logFile}`,
          giveUp,
          signal: stop,
        },
        bothAnswer,
      ),
    onDeath,
  });
  const close = async () => {
    await down(keep).finally(() => containers.kill());
  };
  try {
    await containers.start(signal);
  } catch (error) {
    await close();
    throw error;
  }
  const cassandra = { contactPoints: [address], localDataCenter: "dc1" };
  const dataCenters = new Map([["dc1", [address]]]);
  const where = `logs: ${logFile}`;
  return { cassandra, dataCenters, nats: { servers: [natsUrl] }, pids: [containers.pid], where, close };
}

async function bothAnswer(): Promise<boolean> {
  if (!(await answersCql(address))) return false;
  await askJetStream(natsUrl);
  return true;
}

async function down(keep: boolean): Promise<void> {
  const volumes = keep ? [] : ["--volumes"];
  await runTool("docker", [...compose, "down", "--timeout", "2", ...volumes], { deadlineMs: 120_000 });
}
