import { existsSync } from "node:fs";
import { join } from "node:path";
import { ToolMissingError } from "./errors.ts";
import { runTool } from "./tool.ts";

export interface Java {
  readonly file: string;
  /** The full version, e.g. `17.0.15+6`: what is recorded with one JVM is of no use to another. */
  readonly version: string;
}

/** The Java of JAVA_HOME, else the one on the path. Cassandra 5.0 runs on 17, and not on later ones. */
export async function findJava(signal?: AbortSignal): Promise<Java> {
  const file = javaFile();
  const printed = await runTool(file, ["-version"], { deadlineMs: 20_000, signal }).catch(() => {
    signal?.throwIfAborted();
    throw new ToolMissingError("Cassandra needs Java 17, and there is no Java here", remedy);
  });
  const version = /\(build (17\.[^)]*?)\)/.exec(printed)?.[1];
  if (version !== undefined) return { file, version };
  const first = printed.split("\n")[0];
  throw new ToolMissingError(`Cassandra needs Java 17, and ${file} is ${first}`, remedy);
}

const remedy =
  "Install it and point JAVA_HOME at it (Debian: apt-get install openjdk-17-jre-headless), or start a Docker engine";

function javaFile(): string {
  const home = process.env.JAVA_HOME;
  const file = join(home ?? "", "bin/java");
  return home && existsSync(file) ? file : "java";
}
