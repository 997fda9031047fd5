import { z } from "zod";
import { DEFAULT_LEVELS, type LevelName, type SerialLevelName } from "../adapters/cassandra/levels.ts";
import { DEFAULT_SETTINGS } from "../protocol/settings.ts";

export type Role = "backend" | "frontend";

/** What is said of an option beside its type. */
export interface OptionInfo {
  /** How its value reads in `--help`; an option without one is a switch. */
  readonly placeholder?: string;
  readonly help: string;
  /** Never printed. */
  readonly secret?: true;
  /** The one role it is for; the other has no flag for it, and ignores it in a file that both share. */
  readonly only?: Role;
  /** Must be given. */
  readonly required?: true;
}

const options = z.registry<OptionInfo>();

const MEBI = 1024 ** 2;
const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 1024, MiB: MEBI, GiB: 1024 ** 3 };

/** A schema of its own for each option: what is said of one must not be said of another. */
const text = () => z.string({ error: "is no text" }).min(1, "is empty");

/** From a flag or the environment it comes as text, from a file as a number. */
function whole(min: number, max: number) {
  const error = `is no whole number from ${min} to ${max}`;
  return z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int({ error }).min(min, error).max(max, error),
  );
}

function bytes(min: number) {
  const error = `is no size of at least ${min / MEBI}MiB; write 512MiB, 2GiB, or bytes`;
  return z.preprocess(
    (value) => {
      const [, digits, unit] = typeof value === "string" ? (/^(\d{1,15})(|KiB|MiB|GiB)$/.exec(value) ?? []) : [];
      return digits === undefined ? value : Number(digits) * (UNITS[unit ?? ""] ?? 1);
    },
    z.int({ error }).min(min, error),
  );
}

/** `a,b` in a flag or the environment, `["a", "b"]` in a file. */
function listOf(item: z.ZodType<string, string>, error: string) {
  return z.preprocess(
    (value) => (typeof value === "string" ? value.split(",").map((part) => part.trim()) : value),
    z.array(item, { error }).min(1, error),
  );
}

const choice = () =>
  z.preprocess(
    (value) => (value === "true" || value === "1" ? true : value === "false" || value === "0" ? false : value),
    z.boolean({ error: "is neither true nor false" }),
  );

const DAY_MS = 86_400_000;
const KEYSPACE = /^[A-Za-z0-9_]{1,48}$/;
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/;
const NATS_URL = /^((nats|tls):\/\/)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/;

const LEVELS = [
  "LOCAL_QUORUM",
  "EACH_QUORUM",
  "QUORUM",
  "ALL",
  "LOCAL_ONE",
  "ONE",
  "TWO",
  "THREE",
] as const satisfies readonly LevelName[];
const SERIAL_LEVELS = ["LOCAL_SERIAL", "SERIAL"] as const satisfies readonly SerialLevelName[];

function oneOf<const N extends string>(names: readonly N[]) {
  const upper = (value: unknown): unknown => (typeof value === "string" ? value.toUpperCase() : value);
  return z.preprocess(upper, z.enum(names, { error: `is none of ${names.join(", ")}` }));
}

/** Every option of `nearkey backend` and `nearkey frontend`: one declaration for flags, environment, file and help. */
export const configSchema = z.strictObject({
  keys: text().register(options, {
    placeholder: "<file>",
    help: "key module: exports what defineKeys returned",
    required: true,
  }),
  keyspace: z
    .string({ error: "is no text" })
    .regex(KEYSPACE, "is no name of a keyspace")
    .register(options, { placeholder: "<name>", help: "keyspace that holds the tables", required: true }),
  contactPoints: listOf(z.string().regex(HOST, "is no host or host:port"), "is no list of hosts")
    .default(["127.0.0.1"])
    .register(options, {
      placeholder: "<hosts>",
      help: "Cassandra nodes to start from: host or host:port, with commas",
    }),
  localDc: text().optional().register(options, {
    placeholder: "<name>",
    help: "Cassandra data centre to read and write in (default: the only one there is)",
  }),
  cassandraUser: text().optional().register(options, { placeholder: "<name>", help: "Cassandra user" }),
  cassandraPassword: text()
    .optional()
    .register(options, { placeholder: "<secret>", help: "its password; better from the environment", secret: true }),
  readLevel: oneOf(LEVELS)
    .default(DEFAULT_LEVELS.strongRead)
    .register(options, { placeholder: "<level>", help: "consistency of reads" }),
  writeLevel: oneOf(LEVELS)
    .default(DEFAULT_LEVELS.write)
    .register(options, { placeholder: "<level>", help: "consistency of writes, here and in every other writer" }),
  serialLevel: oneOf(SERIAL_LEVELS)
    .default(DEFAULT_LEVELS.serial)
    .register(options, { placeholder: "<level>", help: "consistency of conditional writes" }),
  allowWeak: choice()
    .default(false)
    .register(options, { help: "read one replica, or at levels that need not meet writes: answers are labelled" }),
  natsServers: listOf(z.string().regex(NATS_URL, "is no NATS server: write nats://host:4222"), "is no list of servers")
    .default(["nats://127.0.0.1:4222"])
    .register(options, { placeholder: "<urls>", help: "NATS servers, with commas" }),
  natsUser: text().optional().register(options, { placeholder: "<name>", help: "NATS user" }),
  natsPassword: text()
    .optional()
    .register(options, { placeholder: "<secret>", help: "its password; better from the environment", secret: true }),
  natsToken: text()
    .optional()
    .register(options, { placeholder: "<secret>", help: "NATS token, in place of user and password", secret: true }),
  namespace: z
    .string({ error: "is no text" })
    .regex(/^[A-Za-z0-9-]{1,32}$/, "is no namespace: 1 to 32 letters, digits and hyphens")
    .optional()
    .register(options, {
      placeholder: "<name>",
      help: "keeps deployments on one NATS apart; the same for all processes of one (default: the keyspace's name)",
    }),
  createStream: choice().default(true).register(options, { help: "make the stream if there is none", only: "backend" }),
  replicas: whole(1, 5).optional().register(options, {
    placeholder: "<n>",
    help: "copies of the stream (default: 3 in a cluster, 1 on a lone server)",
    only: "backend",
  }),
  host: text().default("127.0.0.1").register(options, { placeholder: "<address>", help: "address to listen on" }),
  port: whole(0, 65_535).optional().register(options, {
    placeholder: "<n>",
    help: "port to listen on; 0 takes a free one (default: backend 8080, frontend 8081)",
  }),
  maxBytes: bytes(MEBI)
    .default(256 * MEBI)
    .register(options, { placeholder: "<size>", help: "memory for cached values, as 512MiB", only: "frontend" }),
  boundMs: whole(100, DAY_MS)
    .default(DEFAULT_SETTINGS.boundMs)
    .register(options, { placeholder: "<ms>", help: "how old the proof behind a hit may be", only: "frontend" }),
  fenceMs: whole(1_000, DAY_MS)
    .default(DEFAULT_SETTINGS.fenceMs)
    .register(options, { placeholder: "<ms>", help: "how long a fence holds; the same everywhere" }),
  settleMs: whole(100, DAY_MS)
    .default(DEFAULT_SETTINGS.settleMs)
    .register(options, { placeholder: "<ms>", help: "how long replicas may need to agree; the same everywhere" }),
  maxClockSkewMs: whole(1, DAY_MS).default(1_000).register(options, {
    placeholder: "<ms>",
    help: "how far the clocks of this machine and of NATS may be apart",
    only: "backend",
  }),
  auditEveryMs: whole(0, DAY_MS).default(1_000).register(options, {
    placeholder: "<ms>",
    help: "how often a hit is compared with Cassandra; 0 for never",
    only: "frontend",
  }),
  shutdownMs: whole(100, DAY_MS)
    .default(20_000)
    .register(options, { placeholder: "<ms>", help: "how long to finish what is in flight after SIGTERM" }),
});

export type ConfigValues = z.output<typeof configSchema>;
export type OptionName = keyof ConfigValues;

/** Every option with what is said of it, in the order of `--help`. */
export const configOptions: readonly (OptionInfo & { readonly name: OptionName })[] = Object.entries(
  configSchema.shape,
).map(([name, schema]) => {
  const info = options.get(schema);
  if (info === undefined || !isOptionName(name)) throw new TypeError(`option ${name} is not registered`);
  return { name, ...info };
});

/** The options that a part of the schema is of. */
export const namesIn = ({ shape }: z.ZodObject): readonly OptionName[] => Object.keys(shape).filter(isOptionName);

/** The options of a server. */
export const namesFor = (role: Role): readonly OptionName[] =>
  configOptions.flatMap(({ name, only }) => (only === undefined || only === role ? [name] : []));

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(configSchema.shape, name);
}

/** `contactPoints` as a flag: `--contact-points`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** `contactPoints` in the environment: `NEARKEY_CONTACT_POINTS`. */
export const variableOf = (name: string): string => `NEARKEY_${name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`;
