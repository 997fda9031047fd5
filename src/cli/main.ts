#!/usr/bin/env node
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { ConfigError } from "./config-error.ts";
import { printError } from "./print-error.ts";

interface Subcommand {
  readonly summary: string;
  /** Imported only when it is run: `nearkey --help` needs no driver. */
  readonly load: () => Promise<Command>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  dev: {
    summary: "try it: a backend, two frontends and a social network in one process",
    load: async () => (await import("./dev/command.ts")).devCommand(),
  },
  backend: {
    summary: "take writes over HTTP, on a real Cassandra and NATS",
    load: async () => (await import("./backend.ts")).backendCommand(),
  },
  frontend: {
    summary: "serve reads over HTTP from memory, on a real Cassandra and NATS",
    load: async () => (await import("./frontend.ts")).frontendCommand(),
  },
  audit: {
    summary: "ask running frontends what they found by comparing hits with Cassandra",
    load: async () => (await import("./audit.ts")).auditCommand(),
  },
  init: {
    summary: "write typed tables and a key module for a keyspace that is there",
    load: async () => (await import("./init/command.ts")).initCommand(),
  },
  check: {
    summary: "compare a key module with the live schema and with the services that run",
    load: async () => (await import("./check/command.ts")).checkCommand(),
  },
  keys: {
    summary: "print the keys of a key module, what makes each stale and its HTTP path",
    load: async () => (await import("./keys.ts")).keysCommand(),
  },
};

const EXAMPLES = `
Examples:
  nearkey dev --once                                     the whole story in ten lines
  nearkey init --keyspace shop --print                   typed tables and keys for what is there
  nearkey check --keys ./keys.ts --keyspace shop         are declarations and tables still the same?
  nearkey keys ./keys.ts                                 every key, what makes it stale, its path
  nearkey backend --keys ./keys.ts --keyspace shop
  nearkey frontend --config frontend.json --print-config
  nearkey audit http://localhost:8081                    how many hits differed from Cassandra

Exit codes: 0 done, 1 failed, 2 used wrongly. NEARKEY_DEBUG=1 shows where an error came from.`;

const FAILURE = 1;
const USAGE = 2;
const LINGER_MS = 1_000;

async function programFor(args: readonly string[]): Promise<Command> {
  const program = new Command("nearkey")
    .description("A near cache for Apache Cassandra that is never silently stale.")
    .version(version())
    .showHelpAfterError("(nearkey --help shows how)")
    .addHelpText("after", EXAMPLES)
    .exitOverride();
  const wanted = args.find((arg) => Object.hasOwn(SUBCOMMANDS, arg));
  for (const [name, { summary, load }] of Object.entries(SUBCOMMANDS)) {
    if (name === wanted) program.addCommand(inheriting(program, await load()).summary(summary));
    else program.command(name).description(summary);
  }
  return program;
}

/** Gives a command and those below it the program's ways of printing and ending. */
function inheriting(program: Command, command: Command): Command {
  for (const each of [command, ...command.commands]) each.copyInheritedSettings(program);
  return command;
}

function version(): string {
  const manifest: unknown = createRequire(import.meta.url)("nearkey/package.json");
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return "unknown";
  return String(manifest.version);
}

/** The exit code for what went wrong; commander has printed its own errors already. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    const isAsked = error.exitCode === 0;
    return isAsked ? 0 : USAGE;
  }
  printError(error);
  return error instanceof ConfigError ? USAGE : FAILURE;
}

try {
  const args = process.argv.slice(2);
  await (await programFor(args)).parseAsync(args, { from: "user" });
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
// Everything is closed by now. A driver that failed half way may still hold a timer or a socket, and must not hold the process.
setTimeout(() => process.exit(), LINGER_MS).unref();
