import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from "testcontainers";
import { natsConfigFile } from "../../docker/stack/home.ts";
import type { RealAddresses } from "./real-servers.ts";

// The images of docker-compose.yml.
const cassandraImage = "cassandra:5.0.6";
const natsImage = "nats:2.14.5-alpine";

export interface Containers {
  readonly addresses: RealAddresses;
  close(): Promise<void>;
}

/** Asks the engine, in 0.3 s: that a `docker` program is installed says nothing. */
export async function containerEngineAnswers(): Promise<boolean> {
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

export async function startContainers(): Promise<Containers> {
  const started = await Promise.allSettled([startCassandra(), startNats()]);
  const running = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const close = async () => {
    await Promise.all(running.map((container) => container.stop()));
  };
  const [cassandra, nats] = started;
  if (cassandra.status === "fulfilled" && nats.status === "fulfilled") {
    return { addresses: addressesOf(cassandra.value, nats.value), close };
  }
  await close();
  throw cassandra.status === "rejected" ? cassandra.reason : (nats as PromiseRejectedResult).reason;
}

function addressesOf(cassandra: StartedTestContainer, nats: StartedTestContainer): RealAddresses {
  const contactPoint = `${cassandra.getHost()}:${cassandra.getMappedPort(9042)}`;
  return {
    startedAs: "containers",
    cassandra: { contactPoints: [contactPoint], localDataCenter: "dc1" },
    nats: { servers: [`nats://${nats.getHost()}:${nats.getMappedPort(4222)}`] },
  };
}

function startCassandra(): Promise<StartedTestContainer> {
  return new GenericContainer(cassandraImage)
    .withEnvironment({
      CASSANDRA_DC: "dc1",
      CASSANDRA_ENDPOINT_SNITCH: "GossipingPropertyFileSnitch",
      CASSANDRA_NUM_TOKENS: "1",
      MAX_HEAP_SIZE: "512M",
      HEAP_NEWSIZE: "128M",
      JVM_EXTRA_OPTS: [
        "-Dcassandra.config.allow_system_properties=true",
        "-Dcassandra.settings.auto_snapshot=false",
        "-Dcassandra.settings.materialized_views_enabled=true",
        "-Dcassandra.skip_wait_for_gossip_to_settle=0",
        "-Dcassandra.ring_delay_ms=0",
      ].join(" "),
    })
    .withExposedPorts(9042)
    .withWaitStrategy(Wait.forLogMessage("Startup complete"))
    .withStartupTimeout(240_000)
    .start();
}

function startNats(): Promise<StartedTestContainer> {
  return new GenericContainer(natsImage)
    .withCopyFilesToContainer([{ source: natsConfigFile, target: "/etc/nats/nearkey.conf" }])
    .withCommand(["-c", "/etc/nats/nearkey.conf", "-sd", "/tmp/nats"])
    .withExposedPorts(4222)
    .withWaitStrategy(Wait.forLogMessage("Server is ready"))
    .withStartupTimeout(60_000)
    .start();
}
