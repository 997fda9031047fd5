import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CassandraProgram } from "./cassandra-install.ts";

/** The command line of one node whose `conf/` lies in `dir`. */
export function cassandraCommand(
  { java, jars }: CassandraProgram,
  dir: string,
  jvmFlags: readonly string[],
): [string, ...string[]] {
  const flags = [...memory, ...jvmFlags, ...openModules(), ...places(dir), ...fast];
  return [java.file, ...flags, "-cp", jars.join(":"), "org.apache.cassandra.service.CassandraDaemon"];
}

// Small -Xms: Cassandra locks its heap in memory where it may. C1 only and serial GC: quick to start, few threads.
const memory = ["-Xms128M", "-Xmx512M", "-Xss256k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** The configuration is given as URLs, not on the class path: a class archive refuses folders on the class path. */
function places(dir: string): readonly string[] {
  const url = (name: string) => pathToFileURL(join(dir, "conf", name)).href;
  return [
    `-Dcassandra.config=${url("cassandra.yaml")}`,
    `-Dcassandra-rackdc.properties=${url("cassandra-rackdc.properties")}`,
    `-Dlogback.configurationFile=${url("logback.xml")}`,
    `-Dcassandra.storagedir=${join(dir, "data")}`,
    `-Dcassandra.logdir=${join(dir, "logs")}`,
    `-Dcassandra.triggers_dir=${join(dir, "triggers")}`,
    // Native libraries are unpacked there, and a killed JVM leaves them behind.
    `-Djava.io.tmpdir=${join(dir, "tmp")}`,
    "-XX:-UsePerfData",
    "-Dcassandra-foreground=yes",
  ];
}

/**
 * Skips what only a cluster under load needs at start: 13 s become about 3 s. Two flags of Cassandra's own tests are left
 * out, `unsafesystem` and `flush_local_schema_changes=false`: with them kill -9 loses the schema.
 */
const fast = [
  "-Dcassandra.memtable.row_overhead_size=180", // else it is measured, for 2.6 s
  "-Dcassandra.test.ignore_sigar=true",
  "-Dcassandra.shutdown_announce_in_ms=0",
  "-Dcassandra.skip_wait_for_gossip_to_settle=0",
  "-Dcassandra.gossip_settle_min_wait_ms=0",
  "-Dcassandra.gossip_settle_interval_ms=500",
  "-Dcassandra.schema_delay_ms=0",
  "-Dcassandra.ring_delay_ms=0",
  // Follows from ring_delay, and at 0 a node that starts at the same moment is thrown out of gossip for good.
  "-Dcassandra.gossip_quarantine_delay_ms=60000",
  "-Dcassandra.superuser_setup_delay_ms=0",
];

/** What Cassandra's own start script opens of the JDK on Java 17. */
function openModules(): readonly string[] {
  return [
    "-Djdk.attach.allowAttachSelf=true",
    "-Dio.netty.tryReflectionSetAccessible=true",
    ...exported.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
    ...opened.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
  ];
}

const exported = [
  "java.base/java.lang.ref",
  "java.base/jdk.internal.misc",
  "java.management.rmi/com.sun.jmx.remote.internal.rmi",
  "java.rmi/sun.rmi.registry",
  "java.rmi/sun.rmi.server",
  "java.sql/java.sql",
  "jdk.attach/sun.tools.attach",
  "jdk.compiler/com.sun.tools.javac.file",
  "jdk.unsupported/sun.misc",
];

const opened = [
  "java.base/java.io",
  "java.base/java.lang",
  "java.base/java.lang.module",
  "java.base/java.lang.reflect",
  "java.base/java.util",
  "java.base/jdk.internal.loader",
  "java.base/jdk.internal.math",
  "java.base/jdk.internal.module",
  "java.base/jdk.internal.ref",
  "java.base/jdk.internal.reflect",
  "java.base/jdk.internal.util.jar",
  "java.base/sun.nio.ch",
  "jdk.compiler/com.sun.tools.javac",
  "jdk.management/com.sun.management.internal",
];
