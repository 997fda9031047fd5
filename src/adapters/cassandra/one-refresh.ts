import type { Client } from "cassandra-driver";

/** The part of the driver that follows the cluster: internal, so that it may be otherwise in another version. */
interface ControlConnection {
  /** Connects anew; again by itself, after a pause, where that fails. With hosts given, it is a part of a refresh under way. */
  _refresh(hosts?: unknown): Promise<void>;
}

const AGAIN_AFTER_MS = 1_000;
const kept = new WeakSet<Client>();

/**
 * Keeps a client to one refresh of its control connection at a time. The driver (4.10) begins one for every event that says that connection is
 * lost, and each that succeeds listens for such events anew. So each outage leaves about twice as many, until two of them meet and one
 * throws where nobody catches it, which ends the process.
 */
export function keepOneRefresh(client: Client): void {
  const control: unknown = Reflect.get(client, "controlConnection");
  if (kept.has(client) || !isControlConnection(control)) return;
  kept.add(client);
  const refresh = control._refresh.bind(control);
  let running: Promise<void> | undefined;
  control._refresh = (hosts) => {
    if (hosts !== undefined) return refresh(hosts);
    running ??= refresh()
      .catch(() => void setTimeout(() => control._refresh(), AGAIN_AFTER_MS).unref())
      .finally(() => {
        running = undefined;
      });
    return running;
  };
}

function isControlConnection(value: unknown): value is ControlConnection {
  return typeof value === "object" && value !== null && "_refresh" in value && typeof value._refresh === "function";
}
