import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolMissingError } from "./errors.ts";
import { stackHome } from "./home.ts";
import { findJava, type Java } from "./java.ts";
import { runTool, toolRuns } from "./tool.ts";
import { withReminders } from "./wait.ts";

export const cassandraVersion = "5.0.6";

export interface CassandraProgram {
  readonly java: Java;
  /** In a fixed order: a class archive is valid for one class path only. */
  readonly jars: readonly string[];
}

export interface InstallOptions {
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A Java, and Cassandra's jars, downloaded at the first call: Maven Central holds them, but no tarball with scripts. */
export async function installCassandra(options: InstallOptions): Promise<CassandraProgram> {
  const java = await findJava(options.signal);
  const lib = join(stackHome(), "lib", `cassandra-${cassandraVersion}`);
  if (!existsSync(lib)) await download(lib, options);
  const jars = (await readdir(lib)).filter((name) => name.endsWith(".jar")).sort();
  return { java, jars: jars.map((name) => join(lib, name)) };
}

async function download(lib: string, { log, signal }: InstallOptions): Promise<void> {
  await assertMaven();
  log(`cassandra ${cassandraVersion}: downloading its jars from Maven Central (66 MB, about a minute)`);
  await mkdir(join(stackHome(), "lib"), { recursive: true });
  const scratch = await mkdtemp(join(stackHome(), "lib", ".cassandra-"));
  try {
    await writeFile(join(scratch, "pom.xml"), pom);
    const args = ["-B", "-ntp", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=jars"];
    const maven = runTool("mvn", args, { deadlineMs: 900_000, cwd: scratch, signal });
    await withReminders("cassandra", log, maven);
    await putInPlace(join(scratch, "jars"), lib);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function assertMaven(): Promise<void> {
  if (await toolRuns("mvn", ["-v"])) return;
  throw new ToolMissingError(
    "Maven is needed to download Cassandra, and there is none here",
    "Install it (Debian: apt-get install maven), or start a Docker engine",
  );
}

/** In one step, so that another run sees all jars or none; if another run was faster, its jars are as good. */
async function putInPlace(jars: string, lib: string): Promise<void> {
  await rename(jars, lib).catch((error: unknown) => {
    if (!existsSync(lib)) throw error;
  });
}

const pom = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>nearkey</groupId>
  <artifactId>stack</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.cassandra</groupId>
      <artifactId>cassandra-all</artifactId>
      <version>${cassandraVersion}</version>
    </dependency>
  </dependencies>
</project>
`;
