import { readFileSync } from "node:fs";
import { configOptions, flagOf, isOptionName, type OptionName, variableOf } from "./config-schema.ts";

/** A value as it was given, and where. */
export interface Given {
  readonly value: unknown;
  /** E.g. `flag --port`, `environment NEARKEY_PORT`, `file app.json`. */
  readonly origin: string;
}

/** Something wrong with the configuration, in words that name the option and where its value came from. */
export type Fault = string;

export interface Sources {
  /** By option name, only those on the command line; `config` names the file. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Gathered {
  readonly given: ReadonlyMap<OptionName, Given>;
  readonly faults: readonly Fault[];
}

/** What was given for each of these options: by flag, else in the environment, else in the file. */
export function gatherGiven(names: readonly OptionName[], { flags, env }: Sources): Gathered {
  const { values: fromFile, origin, faults } = readConfigFile(flags, env);
  const given = new Map<OptionName, Given>();
  for (const name of names) {
    const variable = variableOf(name);
    if (flags[name] !== undefined) given.set(name, { value: flags[name], origin: `flag ${flagOf(name)}` });
    else if (env[variable]) given.set(name, { value: env[variable], origin: `environment ${variable}` });
    else if (fromFile[name] !== undefined) given.set(name, { value: fromFile[name], origin });
  }
  return { given, faults };
}

interface ConfigFile {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origin: string;
  readonly faults: readonly Fault[];
}

function readConfigFile(flags: Sources["flags"], env: Sources["env"]): ConfigFile {
  const fromFlag = typeof flags.config === "string" ? flags.config : undefined;
  const path = fromFlag ?? env.NEARKEY_CONFIG;
  if (!path) return { values: {}, origin: "", faults: [] };
  const origin = `file ${path}`;
  const namedBy = fromFlag === undefined ? "environment NEARKEY_CONFIG" : "flag --config";
  try {
    const values = parseObject(readFileSync(path, "utf8"));
    const unknown = Object.keys(values).filter((name) => !isOptionName(name));
    return {
      values,
      origin,
      faults: unknown.map((name) => `${name} (${origin}): there is no such option${like(name)}`),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { values: {}, origin, faults: [`config: ${path} (${namedBy}) cannot be used: ${why}`] };
  }
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("it is no JSON object");
  return { ...value };
}

/** The option that was probably meant: the same letters, whatever their case and signs. */
function like(name: string): string {
  const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, "");
  const meant = configOptions.find((option) => plain(option.name) === plain(name));
  return meant === undefined ? "" : `; ${meant.name} is meant?`;
}

const OTHERS: readonly string[] = ["NEARKEY_CONFIG", "NEARKEY_DEBUG"];
/** What Kubernetes adds for a Service whose name begins with nearkey. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT|PORT_\d+_[A-Z_]+|SERVICE_PORT_[A-Z0-9_]+)$|^NEARKEY_[A-Z0-9_]+_PORT$/;

/** Variables that look like ours and are none: most likely misspelt. */
export function unknownVariables(env: Sources["env"]): readonly string[] {
  const known = new Set([...configOptions.map(({ name }) => variableOf(name)), ...OTHERS]);
  return Object.keys(env).filter((name) => name.startsWith("NEARKEY_") && !known.has(name) && !SERVICE_LINK.test(name));
}
