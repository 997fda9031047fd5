import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { NearkeyChild } from "./nearkey-child.ts";

const children: NearkeyChild[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.end()));
});

function nearkey(args: readonly string[], env?: Readonly<Record<string, string>>): NearkeyChild {
  const child = new NearkeyChild(args, env);
  children.push(child);
  return child;
}

const KEYS = ["--keys", "keyspec/index.ts", "--keyspace", "shop"];
/** Ports that nothing listens on: Cassandra and NATS that cannot be reached. */
const NOWHERE = ["--contact-points", "127.0.0.1:1", "--nats-servers", "nats://127.0.0.1:2"];
const SLOW = 60_000; // a machine that runs other tests takes seconds to start a process

describe("exit codes", () => {
  test("0 for help and version, 2 for what is used wrongly", { timeout: SLOW }, async () => {
    const help = nearkey(["--help"]);
    const version = nearkey(["--version"]);
    const nothing = nearkey([]);
    const unknown = nearkey(["frontend", "--max-byte", "1"]);
    expect(await Promise.all([help, version, nothing, unknown].map((child) => child.exit()))).toEqual([0, 0, 2, 2]);
    expect(help.stdout).toMatch(/Examples:\n {2}nearkey dev/);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(nothing.stderr).toContain("Usage: nearkey");
    expect(unknown.stderr).toMatch(/unknown option '--max-byte'[\s\S]*--help/);
  });

  test("2 for a configuration with faults, all of them printed", { timeout: SLOW }, async () => {
    const child = nearkey(["backend", "--port", "x"], { NEARKEY_NATS_USER: "ann", NEARKEY_NATS_PASSWORD: "" });
    expect(await child.exit()).toBe(2);
    expect(child.stderr).toMatch(/^E_CONFIG: The configuration has 4 faults/);
    expect(child.stdout).toBe("");
  });

  test("2 for init and check without what they need", { timeout: SLOW }, async () => {
    const init = nearkey(["init", "--print"]);
    const check = nearkey(["check", "--keyspace", "shop"]);
    expect(await Promise.all([init.exit(), check.exit()])).toEqual([2, 2]);
    expect(init.stderr).toMatch(/^E_CONFIG: [\s\S]*keyspace: missing/);
    expect(check.stderr).toMatch(/^E_CONFIG: [\s\S]*keys: missing/);
  });

  test("1 for init, and 2 for check, without Cassandra, and they do not wait for it", { timeout: SLOW }, async () => {
    const where = ["--keyspace", "shop", "--contact-points", "127.0.0.1:1"];
    const init = nearkey(["init", ...where, "--print"]);
    const check = nearkey(["check", "--keys", "keyspec/index.ts", ...where]);
    expect(await Promise.all([init.exit(), check.exit()])).toEqual([1, 2]);
    expect(init.stderr).toMatch(/^E_UNREACHABLE: Cassandra cannot be reached: 127\.0\.0\.1:1: /);
    expect(check.stdout).toContain("could not look: E_UNREACHABLE: Cassandra");
  });

  test("1 for a key module that does not load, in one line", { timeout: SLOW }, async () => {
    const child = nearkey(["keys", "no/such/file.ts"]);
    expect(await child.exit()).toBe(1);
    expect(child.stderr).toMatch(/^E_KEY_MODULE_NOT_FOUND: .*\n$/);
  });
});

test("--print-config prints where each value came from, and no secret", { timeout: SLOW }, async () => {
  const child = nearkey(["frontend", ...KEYS, "--print-config"], { NEARKEY_NATS_TOKEN: "s3cret", NEARKEY_PORT: "9" });
  expect(await child.exit()).toBe(0);
  expect(child.stdout).toMatch(/^port +9 +environment NEARKEY_PORT$/m);
  expect(child.stdout).toMatch(/^natsToken +\*+ +environment NEARKEY_NATS_TOKEN$/m);
});

test("an address that is not of this machine is said, and ends it with 1", { timeout: SLOW }, async () => {
  const child = nearkey(["backend", ...KEYS, ...NOWHERE, "--host", "203.0.113.1", "--port", "0"]);
  expect(await child.exit()).toBe(1);
  expect(child.stderr).toMatch(/^E_LISTEN: cannot listen on 203\.0\.113\.1, port 0: /);
});

test("an error that nobody caught is logged, and ends it with 1", { timeout: SLOW }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "nearkey-uncaught-"));
  const module = join(folder, "keys.ts");
  const example = join(import.meta.dirname, "../../keyspec/index.ts");
  const later = 'setTimeout(() => void Promise.reject(new Error("nobody catches this")), 1000);';
  writeFileSync(module, `export { keys } from ${JSON.stringify(example)};\n${later}\n`);
  const child = nearkey(["frontend", "--keys", module, "--keyspace", "shop", ...NOWHERE, "--port", "0"]);
  expect(await child.exit()).toBe(1);
  expect(child.lines.at(-1)).toMatchObject({ level: "fatal", err: { message: "nobody catches this" } });
  rmSync(folder, { recursive: true });
});

test("a port in use is said, and ends it with 1", { timeout: SLOW }, async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const child = nearkey(["backend", ...KEYS, ...NOWHERE, "--port", port]);
  expect(await child.exit()).toBe(1);
  expect(child.stderr).toMatch(new RegExp(`^E_PORT_IN_USE: port ${port} is in use`));
  taken.close();
});

describe.each(["backend", "frontend"])("nearkey %s without Cassandra and NATS", (role) => {
  test("it answers probes, says what it waits for, and stops when asked", { timeout: SLOW }, async () => {
    const child = nearkey([role, ...KEYS, ...NOWHERE, "--port", "0"]);
    const { url } = await child.line("listening");
    await Promise.all([child.line("cassandra-unreachable"), child.line("nats-unreachable")]);
    const [live, ready, other] = await Promise.all(
      ["/livez", "/readyz", "/users/42"].map((path) => fetch(`${url}${path}`)),
    );
    expect([live?.status, ready?.status, other?.status]).toEqual([200, 503, 503]);
    expect(await ready?.json()).toMatchObject({
      checks: { cassandra: [{ status: "fail" }], nats: [{ status: "fail" }] },
    });
    expect(other?.headers.get("retry-after")).toBe("1");
    child.signal("SIGTERM");
    expect(await child.exit()).toBe(0);
    // Several attempts were made by then, and each state was told of once.
    expect(child.lines.filter(({ msg }) => msg.endsWith("-unreachable"))).toHaveLength(2);
    expect(child.lines.at(-1)).toMatchObject({ level: "info", msg: "stopped" });
    expect(child.stderr).toBe("");
  });
});
