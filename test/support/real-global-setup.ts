import type { TestProject } from "vitest/node";
import { startLocalStack } from "../../docker/stack/local-stack.ts";
import { containerEngineAnswers, startContainers } from "./real-containers.ts";
import type { RealAddresses } from "./real-servers.ts";

interface Started {
  readonly addresses: RealAddresses;
  close(): Promise<void>;
}

/** Starts one Cassandra and one NATS for the whole vitest run, and ends them with it. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const { addresses, close } = await start();
    project.provide("real", addresses);
    return close;
  } catch (error) {
    if (process.env.NEARKEY_REQUIRE_REAL === "1") throw error;
    const reason = firstLine(error);
    console.warn(`no real Cassandra and NATS, tests that need them are skipped: ${reason}`);
    project.provide("real", { skipped: reason });
    return undefined;
  }
}

async function start(): Promise<Started> {
  return (await containerEngineAnswers()) ? startContainers() : startProcesses();
}

async function startProcesses(): Promise<Started> {
  const log = (line: string) => console.log(`[real servers] ${line}`);
  const stack = await startLocalStack({ log, onDeath: (error) => console.error(error.message) });
  const { contactPoints, localDataCenter } = stack.cassandra;
  const cassandra = { contactPoints: [...contactPoints], localDataCenter };
  const nats = { servers: [...stack.nats.servers] };
  return { addresses: { startedAs: "processes", cassandra, nats }, close: stack.close };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? message;
}
