import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "./children.ts";
import { StackRunningError } from "./errors.ts";
import { stackHome } from "./home.ts";

/** What `.stack/run.json` says while a stack runs: how `nearkey dev --real` finds it. */
export interface RunFile {
  /** Every process of the stack, the launcher first: if that one is gone, so is the stack. */
  readonly pids: readonly number[];
  readonly cassandra: { readonly contactPoints: readonly string[]; readonly localDataCenter: string };
  readonly nats: { readonly servers: readonly string[] };
}

export function writeRunFile(run: RunFile): void {
  const scratch = `${runFile()}.${process.pid}`;
  writeFileSync(scratch, `${JSON.stringify(run, undefined, 2)}\n`);
  renameSync(scratch, runFile()); // in one step: a reader sees all of it or nothing
}

export function removeRunFile(): void {
  rmSync(runFile(), { force: true });
}

/**
 * Makes this process the only one that starts a stack in this folder; call the result to let others again.
 * Ports alone do not tell: two runs begun at once would both find them free, and wipe each other's data.
 */
export function lockHome(): () => void {
  mkdirSync(stackHome(), { recursive: true });
  const file = join(stackHome(), "lock");
  if (!tryLock(file)) {
    const owner = Number(readFileSync(file, "utf8"));
    if (isAlive(owner)) throw new StackRunningError(owner, endpointsInUse(), file);
    removeRunFile(); // its owner was killed, and took its servers along
    rmSync(file, { force: true });
    if (!tryLock(file)) throw new StackRunningError(owner, "", file);
  }
  return () => rmSync(file, { force: true });
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (isExists(error)) return false;
    throw error;
  }
}

function endpointsInUse(): string {
  try {
    const run = JSON.parse(readFileSync(runFile(), "utf8")) as RunFile;
    return [...run.cassandra.contactPoints.map((address) => `${address}:9042`), ...run.nats.servers].join(", ");
  } catch {
    return ""; // it is still starting
  }
}

function isExists(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

export function runFile(): string {
  return join(stackHome(), "run.json");
}
