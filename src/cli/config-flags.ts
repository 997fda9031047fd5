import { type Command, Option } from "commander";
import { type Config, readConfig } from "./config.ts";
import {
  configOptions,
  configSchema,
  flagOf,
  namesFor,
  type OptionInfo,
  type OptionName,
  type Role,
} from "./config-schema.ts";
import type { Sources } from "./config-sources.ts";

/** Gives a server's command a flag for every option of its role, and those that say where options come from. */
export function addConfigFlags(command: Command, role: Role): Command {
  return addOptionFlags(command, namesFor(role)).option(
    "--print-config",
    "print every option and where its value came from, and exit",
  );
}

/** Gives a command flags for these options, and one for a file of them. */
export function addOptionFlags(command: Command, names: readonly OptionName[]): Command {
  command.option("--config <file>", 'JSON file with options by name, as { "keyspace": "shop" }');
  for (const info of configOptions) if (names.includes(info.name)) command.addOption(optionFor(info));
  return command.addHelpText("after", HELP);
}

/** The options of a server's command that was given such flags. Throws `ConfigError`. */
export function configFrom(command: Command, role: Role): Config {
  return readConfig({ role, ...sourcesOf(command) });
}

/** Where the options of a command may come from. */
export function sourcesOf(command: Command): Sources {
  // Those with a default of commander's own were not given by anybody.
  const given = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === "cli");
  return { flags: Object.fromEntries(given), env: process.env };
}

const HELP = `
Every option can also be a variable (--local-dc is NEARKEY_LOCAL_DC) or stand in the file (as localDc).
A flag goes before the environment, the environment before the file.`;

function optionFor({ name, placeholder, help, required }: OptionInfo & { readonly name: OptionName }): Option {
  const flag = flagOf(name);
  if (placeholder !== undefined)
    return new Option(`${flag} ${placeholder}`, `${help}${required ? " (required)" : defaultOf(name)}`);
  // A switch that is on unless told otherwise has a flag that turns it off.
  return name === "createStream"
    ? new Option("--no-create-stream", "wait for the stream, do not make it")
    : new Option(flag, help);
}

/** In words and not given to commander, which would take it for a value that somebody gave. */
function defaultOf(name: OptionName): string {
  const { data: value } = configSchema.shape[name].safeParse(undefined);
  return value === undefined ? "" : ` (default: ${Array.isArray(value) ? value.join(",") : value})`;
}
