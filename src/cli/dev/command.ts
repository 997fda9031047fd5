import { Command, InvalidArgumentError } from "commander";
import { checkGraph } from "./check-graph.ts";
import { type Graph, readEdgeList } from "./edge-list.ts";
import { loadGraph } from "./load-graph.ts";
import { makeGraph } from "./made-graph.ts";
import { memoryGround } from "./memory-ground.ts";
import { type DevServers, type Ground, startServers } from "./servers.ts";
import { readStackFile } from "./stack-file.ts";
import { tellStory } from "./story.ts";

interface DevOptions {
  readonly port: number;
  readonly once?: true;
  readonly friends?: string;
  readonly changes: number;
  readonly real?: true;
  readonly stackFile: string;
}

const DEFAULT_PORT = 8080;
const DEFAULT_CHANGES = 1_000;
const STACK_FILE = ".stack/run.json";

/** `nearkey dev`: a backend and two frontends in one process, on the example, and what they do told in ten lines. */
export function devCommand(): Command {
  return new Command("dev")
    .description("try nearkey in one process: a backend, two frontends and a social network")
    .option("--port <n>", "base port: the backend's; frontends take the next two", portNumber, DEFAULT_PORT)
    .option("--once", "tell the story and exit")
    .option("--friends <file>", "load friendships from an edge list, plain or gzipped, and check every list of it")
    .option("--changes <n>", "friendships to change in that check", wholeNumber, DEFAULT_CHANGES)
    .option("--real", "on the Cassandra and NATS that npm run stack started")
    .option("--stack-file <file>", "where npm run stack wrote down how to reach them", STACK_FILE)
    .addHelpText(
      "after",
      "\nExamples:\n  nearkey dev\n  nearkey dev --once --port 9000\n  nearkey dev --real --friends friends.tsv.gz --once",
    )
    .action(runDev);
}

async function runDev(options: DevOptions): Promise<void> {
  const graph = options.friends === undefined ? makeGraph() : await readEdgeList(options.friends);
  const ground = options.real ? await realGroundOf(options.stackFile) : await memoryGround();
  try {
    const servers = await startServers(ground, options.port);
    try {
      await tell(graph, options, ground, servers);
      if (!options.once) await untilInterrupted();
    } finally {
      await servers.close();
    }
  } finally {
    await ground.close();
  }
  if (options.real) process.exit(); // the driver keeps timers for nodes that went away, and with them the process
}

/** Loaded only when asked for: the drivers take a while. */
async function realGroundOf(stackFile: string): Promise<Ground> {
  const { realGround } = await import("./real-ground.ts");
  return realGround(await readStackFile(stackFile));
}

async function tell(graph: Graph, options: DevOptions, ground: Ground, servers: DevServers): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  await loadGraph(graph, ground.writer);
  say(`nearkey dev: ${graph.people.length} people, ${graph.friendships.length} friendships; ${ground.words}`);
  await tellStory(graph, ground, servers, say);
  if (options.friends !== undefined) {
    const { differences } = await checkGraph(graph, options.changes, ground, servers, say);
    if (differences > 0) process.exitCode = 1;
  }
  if (!options.once) sayWhatToTry(servers, say);
}

function sayWhatToTry({ backendUrl, frontendUrls: [one, two] }: DevServers, say: (line: string) => void): void {
  say("");
  say(`backend ${backendUrl}   frontends ${one} and ${two}   Ctrl-C ends it`);
  say(`  curl -i ${one}/users/42/friends/names`);
  say(`  curl -i -X PATCH ${backendUrl}/users/7 -H 'content-type: application/json' -d '{"name":"Grace"}'`);
  say(`  curl -i ${two}/users/42`);
}

const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    const keepAlive = setInterval(() => {}, 60_000);
    const end = (): void => {
      clearInterval(keepAlive);
      resolve();
    };
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port < 1 || port > 65_533)
    throw new InvalidArgumentError("Give a port from 1 to 65533: two more are taken after it.");
  return port;
}
