import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface CassandraConf {
  readonly address: string;
  readonly dataCenter: string;
  readonly seeds: readonly string[];
  /** One token per node, spread evenly by hand: random ones could collide when nodes start at once. */
  readonly token: bigint;
  /** Where clients are told that it is, if not at its address. */
  readonly clientAddress?: string | undefined;
}

export const cqlPort = 9042;
export const storagePort = 7000;

/** Writes the four files that a node reads into `dir/conf`. */
export function writeConf(dir: string, conf: CassandraConf): void {
  const folder = join(dir, "conf");
  mkdirSync(folder, { recursive: true });
  for (const name of ["triggers", "tmp"]) mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(folder, "cassandra.yaml"), yaml(conf));
  writeFileSync(join(folder, "cassandra-rackdc.properties"), `dc=${conf.dataCenter}\nrack=r1\n`);
  writeFileSync(join(folder, "logback.xml"), logback);
}

function yaml({ address, clientAddress = address, seeds, token }: CassandraConf): string {
  return `cluster_name: nearkey
num_tokens: 1
initial_token: "${token}"
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "${seeds.join(",")}"
listen_address: ${address}
rpc_address: ${address}
broadcast_rpc_address: ${clientAddress}
native_transport_port: ${cqlPort}
storage_port: ${storagePort}
endpoint_snitch: GossipingPropertyFileSnitch
auto_bootstrap: false

# An acked write survives kill -9. With periodic sync it would not, and tests that crash a node would prove nothing.
commitlog_sync: batch
commitlog_segment_size: 8MiB
disk_failure_policy: die
commit_failure_policy: die

# TRUNCATE and DROP need not keep copies.
auto_snapshot: false
materialized_views_enabled: true
user_defined_functions_enabled: false

# Small: several nodes share one machine.
memtable_heap_space: 64MiB
memtable_offheap_space: 64MiB
key_cache_size: 4MiB
file_cache_size: 32MiB
networking_cache_size: 32MiB
concurrent_reads: 8
concurrent_writes: 8
concurrent_compactors: 1
write_request_timeout: 2000ms

# What a replica missed is on the others' disks soon, where a test can see it.
hints_flush_period: 1000ms
read_request_timeout: 5000ms

# The default one is a native library that takes a while to load.
crypto_provider:
  - class_name: org.apache.cassandra.security.JREProvider
`;
}

const logback = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%date{ISO8601} %-5level %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="OUT"/></root>
</configuration>
`;
