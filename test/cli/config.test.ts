import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Config, readConfig } from "../../src/cli/config.ts";
import { ConfigError } from "../../src/cli/config-error.ts";
import type { Role } from "../../src/cli/config-schema.ts";
import { unknownVariables } from "../../src/cli/config-sources.ts";
import { configFields, showConfig } from "../../src/cli/show-config.ts";

const folder = mkdtempSync(join(tmpdir(), "nearkey-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Sources {
  readonly role?: Role;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: unknown;
}

const NEEDED = { keys: "keys.ts", keyspace: "shop" };
let files = 0;

/** Reads a configuration that has what every one needs. */
function read({ role = "frontend", flags = {}, env = {}, file }: Sources): Config {
  const path = join(folder, `${++files}.json`);
  if (file !== undefined) writeFileSync(path, typeof file === "string" ? file : JSON.stringify(file));
  return readConfig({ role, env, flags: { ...NEEDED, ...(file !== undefined && { config: path }), ...flags } });
}

function faultsOf(sources: Sources): readonly string[] {
  try {
    read(sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("where an option comes from", () => {
  test("a flag goes before the environment, the environment before the file, the file before the default", () => {
    const file = { port: 1, host: "file", namespace: "file" };
    const env = { NEARKEY_PORT: "2", NEARKEY_HOST: "env" };
    const config = read({ flags: { port: "3" }, env, file });
    expect(config).toMatchObject({ port: 3, host: "env", namespace: "file", boundMs: 10_000 });
    expect(["port", "host", "boundMs"].map((name) => config.origins.get(name))).toEqual([
      "flag --port",
      "environment NEARKEY_HOST",
      undefined,
    ]);
    expect(config.origins.get("namespace")).toMatch(/^file .*json$/);
  });

  test("the file may be named in the environment", () => {
    const path = join(folder, "named.json");
    writeFileSync(path, '{ "port": 77 }');
    expect(read({ env: { NEARKEY_CONFIG: path } }).port).toBe(77);
  });

  test("an empty variable is one that is not set: compose files pass such", () => {
    expect(read({ env: { NEARKEY_PORT: "", NEARKEY_HOST: "" } })).toMatchObject({ port: 8081, host: "127.0.0.1" });
  });

  test("each role has its own default port, and ignores what is only for the other", () => {
    expect(read({ role: "backend", file: { maxBytes: "nonsense", replicas: 3 } })).toMatchObject({
      port: 8080,
      replicas: 3,
    });
    expect(read({ role: "frontend", file: { replicas: "nonsense" } }).port).toBe(8081);
  });
});

describe("what an option may be", () => {
  test("lists, sizes, numbers and switches as text", () => {
    const env = {
      NEARKEY_CONTACT_POINTS: "10.0.0.1, 10.0.0.2:9142",
      NEARKEY_NATS_SERVERS: "nats://a:4222,b",
      NEARKEY_MAX_BYTES: "2GiB",
      NEARKEY_ALLOW_WEAK: "true",
      NEARKEY_READ_LEVEL: "quorum",
    };
    expect(read({ env })).toMatchObject({
      contactPoints: ["10.0.0.1", "10.0.0.2:9142"],
      natsServers: ["nats://a:4222", "b"],
      maxBytes: 2 * 1024 ** 3,
      allowWeak: true,
      readLevel: "QUORUM",
    });
  });

  test("and as JSON", () => {
    const file = { contactPoints: ["[::1]:9042"], maxBytes: 5_000_000, allowWeak: false, createStream: false };
    expect(read({ role: "backend", file })).toMatchObject({ contactPoints: ["[::1]:9042"], createStream: false });
  });

  test("the namespace is the keyspace's name, unless that is too long for one", () => {
    expect(read({ flags: { keyspace: "my_shop" } }).namespace).toBe("my-shop");
    expect(faultsOf({ flags: { keyspace: "k".repeat(40) } })).toEqual([expect.stringMatching(/^namespace: missing/)]);
  });
});

describe("what is wrong", () => {
  test("all of it is said at once, each with where the value came from", () => {
    const faults = faultsOf({
      flags: { keys: undefined, port: "80800" },
      env: { NEARKEY_KEYSPACE: "x", NEARKEY_BOUND_MS: "soon", NEARKEY_NATS_SERVERS: "http://nats" },
      file: { readLevel: "ANY", maxBytes: "lots", "local-dc": "dc1" },
    });
    expect(faults).toEqual([
      expect.stringMatching(/^local-dc \(file .*\): there is no such option; localDc is meant\?$/),
      expect.stringMatching(/^keys: missing; give --keys, NEARKEY_KEYS, or "keys" in the file of --config$/),
      expect.stringMatching(/^readLevel: "ANY" \(file .*\) is none of LOCAL_QUORUM, EACH_QUORUM, /),
      expect.stringMatching(/^natsServers: "http:\/\/nats" \(environment NEARKEY_NATS_SERVERS\) is no NATS server/),
      expect.stringMatching(/^port: "80800" \(flag --port\) is no whole number from 0 to 65535$/),
      expect.stringMatching(/^maxBytes: "lots" \(file .*\) is no size/),
      expect.stringMatching(/^boundMs: "soon" \(environment NEARKEY_BOUND_MS\) is no whole number from 100 to /),
    ]);
  });

  test("the message lists the faults, one to a line", () => {
    expect(() => read({ flags: { port: "x", keyspace: "a b" } })).toThrow(
      /^The configuration has 2 faults\. Correct:\n {2}keyspace: .*\n {2}port: .*$/,
    );
  });

  test.each([
    ["no JSON", "{ port: 1 }", /^config: .*json \(flag --config\) cannot be used: /],
    ["no object", "[1]", /^config: .* it is no JSON object$/],
  ])("a file that is %s", (_, file, fault) => {
    expect(faultsOf({ file })).toEqual([expect.stringMatching(fault)]);
  });

  test("a file that is not there", () => {
    expect(faultsOf({ flags: { config: "/nowhere.json" } })).toEqual([expect.stringMatching(/ENOENT/)]);
  });

  test("half of a login, or two logins", () => {
    expect(faultsOf({ env: { NEARKEY_CASSANDRA_USER: "u" } })).toEqual([
      expect.stringMatching(/^cassandraUser \(environment NEARKEY_CASSANDRA_USER\) needs cassandraPassword/),
    ]);
    const both = { NEARKEY_NATS_USER: "u", NEARKEY_NATS_PASSWORD: "p", NEARKEY_NATS_TOKEN: "t" };
    expect(faultsOf({ env: both })).toEqual([expect.stringMatching(/give one of them$/)]);
  });

  test("the port that Kubernetes sets for a Service called nearkey", () => {
    expect(faultsOf({ env: { NEARKEY_PORT: "tcp://10.0.0.1:80" } })).toEqual([
      expect.stringMatching(/enableServiceLinks: false/),
    ]);
  });
});

describe("secrets", () => {
  const env = { NEARKEY_NATS_USER: "ann", NEARKEY_NATS_PASSWORD: "s3cret", NEARKEY_CASSANDRA_PASSWORD: "" };

  test("are masked wherever options are printed", () => {
    const config = read({ env });
    expect(config.natsPassword).toBe("s3cret");
    const printed = [...showConfig(config), JSON.stringify(configFields(config))].join("\n");
    expect(printed).toMatch(/natsPassword +\*{8} +environment NEARKEY_NATS_PASSWORD/);
    expect(printed).toContain('"ann"');
    expect(printed).not.toContain("s3cret");
  });

  test("are masked in faults, also where they were put into a URL", () => {
    const faults = faultsOf({
      file: { natsToken: 12345, natsServers: ["nats://ann:s3cret@host:4222"] },
    }).join("\n");
    expect(faults).toMatch(/natsToken: \*{8} \(file .*\) is no text/);
    expect(faults).toMatch(/natsServers: .*nats:\/\/\*{8}@host/);
    expect(faults).not.toMatch(/s3cret|12345/);
  });
});

test("a variable that is probably misspelt is found, and those of Kubernetes are not", () => {
  const env = {
    NEARKEY_KEYSPCE: "x",
    NEARKEY_PORT: "1",
    NEARKEY_SERVICE_HOST: "h",
    NEARKEY_BACKEND_PORT: "t",
    PATH: "",
  };
  expect(unknownVariables(env)).toEqual(["NEARKEY_KEYSPCE"]);
});
