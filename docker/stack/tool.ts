import { once } from "node:events";
import { killGroup, spawnChild } from "./children.ts";
import { ToolFailedError } from "./errors.ts";
import { tail } from "./log-tail.ts";

export interface ToolOptions {
  readonly deadlineMs: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end and returns what it printed; throws when it fails, is missing, or takes too long. */
export async function runTool(file: string, args: readonly string[], options: ToolOptions): Promise<string> {
  options.signal?.throwIfAborted();
  const child = spawnChild(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => printed.push(chunk));
  const end = AbortSignal.any([AbortSignal.timeout(options.deadlineMs), ...(options.signal ? [options.signal] : [])]);
  const onEnd = () => killGroup(child);
  end.addEventListener("abort", onEnd);
  try {
    await once(child, "close");
  } catch (error) {
    throw new ToolFailedError(file, `could not be run (${String(error)})`, "");
  } finally {
    end.removeEventListener("abort", onEnd);
  }
  options.signal?.throwIfAborted();
  const output = Buffer.concat(printed).toString("utf8");
  if (child.exitCode === 0) return output;
  const how = end.aborted ? `took longer than ${options.deadlineMs / 1000} s` : `ended with code ${child.exitCode}`;
  throw new ToolFailedError([file, ...args].join(" "), how, tail(output));
}

/** Whether a program can be run at all. */
export async function toolRuns(file: string, args: readonly string[]): Promise<boolean> {
  return runTool(file, args, { deadlineMs: 10_000 }).then(
    () => true,
    () => false,
  );
}
