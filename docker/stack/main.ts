import { NearkeyError } from "../../src/spec/error.ts";
import { dockerAnswers, startInDocker } from "./docker.ts";
import type { ServerDiedError } from "./errors.ts";
import { parseFlags, type StackFlags } from "./flags.ts";
import { guide } from "./guide.ts";
import { lockHome, removeRunFile, writeRunFile } from "./run-file.ts";
import { type RunningStack, startAsProcesses } from "./running-stack.ts";

/** The reason of the abort when the user asks to stop. */
const asked = Symbol("asked to stop");

const end = new AbortController();

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  const unlock = lockHome();
  // Whichever way this process ends, but for kill -9.
  process.once("exit", () => {
    removeRunFile();
    unlock();
  });
  listenForStop();
  try {
    await runUntilEnd(flags);
  } catch (error) {
    if (error !== asked) throw error;
  }
  log("stopped");
}

async function runUntilEnd(flags: StackFlags): Promise<void> {
  const began = performance.now();
  const stack = await start(flags);
  try {
    writeRunFile({ pids: [process.pid, ...stack.pids], cassandra: stack.cassandra, nats: stack.nats });
    log(guide(stack, performance.now() - began));
    await aborted(end.signal);
  } finally {
    removeRunFile();
    await stack.close();
  }
}

async function start(flags: StackFlags): Promise<RunningStack> {
  const onDeath = (error: ServerDiedError) => end.abort(error);
  const options = { ...flags, keep: flags.keep ?? false, log, onDeath, signal: end.signal };
  // docker-compose.yml has one node of each: larger shapes are processes, where Docker would need as many files.
  const one = flags.nodes * flags.dcs * flags.nats === 1;
  if (one && !flags.local && (await dockerAnswers())) return startInDocker(options);
  return startAsProcesses(options);
}

/** Ctrl-C, `kill`, or a closed terminal. A Ctrl-C that comes much later does not wait for a clean end. */
function listenForStop(): void {
  let first = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // One Ctrl-C may arrive twice: from the terminal, and passed on by what started us.
      if (first !== 0 && performance.now() - first > 1_000) process.exit(130);
      if (first !== 0) return;
      first = performance.now();
      log("stopping");
      end.abort(asked);
    });
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function log(line: string): void {
  console.log(line);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof NearkeyError ? `\n${error.code}: ${error.message}` : error);
    process.exit(1);
  },
);
