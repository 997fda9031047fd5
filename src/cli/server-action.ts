import type { Command } from "commander";
import type { Assemble } from "./assemble.ts";
import { configFrom } from "./config-flags.ts";
import type { Role } from "./config-schema.ts";
import { runServer } from "./run-server.ts";
import { showConfig } from "./show-config.ts";

/** What `nearkey backend` and `nearkey frontend` do: read their options, and print them or serve. */
export function serverAction(role: Role, assemble: Assemble): (this: Command) => Promise<void> {
  return async function action() {
    const config = configFrom(this, role);
    if (this.opts().printConfig) process.stdout.write(`${showConfig(config).join("\n")}\n`);
    else await runServer(config, assemble);
  };
}
