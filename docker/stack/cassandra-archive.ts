import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CassandraProgram, InstallOptions } from "./cassandra-install.ts";
import { CassandraProcess } from "./cassandra-node.ts";
import { DataFolder } from "./data-folder.ts";
import { stackHome } from "./home.ts";
import { freeLoopback } from "./ports.ts";

/**
 * JVM flags that load Cassandra's classes from an archive, recorded at the first call, which makes each start
 * about a third faster. It is a convenience: where it cannot be recorded or read, Cassandra starts without it.
 */
export async function classArchiveFlags(
  program: CassandraProgram,
  options: InstallOptions,
): Promise<readonly string[]> {
  const archive = join(stackHome(), "lib", `cassandra-${fingerprint(program)}.jsa`);
  const failed = `${archive}.failed`;
  if (!existsSync(archive) && !existsSync(failed)) {
    await record(program, archive, options).catch(async (error: unknown) => {
      options.signal?.throwIfAborted();
      options.log("cassandra: no class archive, starts take a little longer");
      await writeFile(failed, String(error)); // and are not tried again each time
    });
  }
  return existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, "-Xshare:auto"] : [];
}

/** An archive fits one JVM and one class path, in which the place of the jars counts too. */
function fingerprint({ java, jars }: CassandraProgram): string {
  return createHash("sha256")
    .update([java.version, ...jars].join("\n"))
    .digest("hex")
    .slice(0, 12);
}

/** Starts a node that nobody uses, and ends it gently: the JVM writes the archive as it ends. */
async function record(program: CassandraProgram, archive: string, { log, signal }: InstallOptions): Promise<void> {
  log("cassandra: recording a class archive, once (about 15 s)");
  const scratch = `${archive}.${process.pid}`;
  const folder = DataFolder.open({});
  const address = freeLoopback();
  const conf = { address, dataCenter: "dc1", seeds: [address], token: 0n };
  const jvmFlags = [`-XX:ArchiveClassesAtExit=${scratch}`];
  const node = new CassandraProcess({ program, conf, dir: folder.path, jvmFlags });
  try {
    await node.start(signal);
    await node.terminate(60_000);
    await rename(scratch, archive);
  } finally {
    await node.kill();
    folder.close();
    await rm(scratch, { force: true });
  }
}
