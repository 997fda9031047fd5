import { connect, type JetStreamManager, StorageType } from "nats";

/** Throws while the server at this URL does not answer for JetStream (in a cluster: until a leader is elected). */
export async function askJetStream(server: string): Promise<void> {
  await withJetStream(server, async (jsm) => {
    await jsm.getAccountInfo();
  });
}

/** Throws while the cluster cannot hold a stream on all its servers, which asking for its state does not tell. */
export async function tryReplicatedStream(server: string, replicas: number): Promise<void> {
  const name = "NEARKEY_STACK_PROBE";
  await withJetStream(server, async (jsm) => {
    const storage = StorageType.Memory;
    await jsm.streams.add({ name, subjects: ["nearkey.stack.probe"], storage, num_replicas: replicas });
    await jsm.streams.delete(name);
  });
}

async function withJetStream(server: string, use: (jsm: JetStreamManager) => Promise<void>): Promise<void> {
  const connection = await connect({ servers: server, timeout: 1_000, reconnect: false });
  try {
    await use(await connection.jetstreamManager({ timeout: 2_000 }));
  } finally {
    await connection.close();
  }
}
