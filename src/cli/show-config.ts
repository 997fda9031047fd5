import type { Config } from "./config.ts";
import { configOptions, type OptionName } from "./config-schema.ts";

const MASK = "********";
const MAX_SHOWN = 100;
/** User and password inside a URL: they do not belong there, and are not printed when somebody put them there. */
const USERINFO = /\/\/[^/@]*@/g;

/** A value as it may be printed: secrets are masked, whatever they hold. */
export function shownValue(name: OptionName, value: unknown): string {
  if (configOptions.find((option) => option.name === name)?.secret) return MASK;
  const text = (typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value))).replace(
    USERINFO,
    `//${MASK}@`,
  );
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 3)}...` : text;
}

/** Every option in use with its value and where it came from; the lines of `--print-config`. */
export function showConfig(config: Config): readonly string[] {
  const rows = configOptions
    .filter(({ name, only }) => (only === undefined || only === config.role) && config[name] !== undefined)
    .map(({ name }) => [name, shownValue(name, config[name]), config.origins.get(name) ?? "default"] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    ([name, value, origin]) => `${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${origin}`,
  );
}

/** The same as one object, for a log line. */
export function configFields(config: Config): Readonly<Record<string, string>> {
  const given = configOptions.filter(({ name }) => config.origins.has(name));
  return Object.fromEntries(
    given.map(({ name }) => [name, `${shownValue(name, config[name])} (${config.origins.get(name)})`]),
  );
}
