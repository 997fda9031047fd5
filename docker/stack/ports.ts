import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { NotReadyError, PortInUseError, StackOptionError } from "./errors.ts";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Throws for the first endpoint that something else listens on. */
export async function assertFree(endpoints: readonly Endpoint[], remedy: string): Promise<void> {
  for (const endpoint of endpoints) {
    if (!(await canListen(endpoint))) throw new PortInUseError(endpoint.address, endpoint.port, remedy);
  }
}

/** Ports for servers that must find them again after a restart. */
export async function freePorts(address: string, count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let tries = 0; tries < 200 && found.size < count; tries++) {
    // Below 32768, where Linux starts to take ports for outgoing connections: those would take ours during a restart.
    const port = randomInt(20_000, 32_000);
    if (await canListen({ address, port })) found.add(port);
  }
  if (found.size === count) return [...found];
  throw new NotReadyError(`Finding ${count} free ports on ${address}`, 0, "Free some in 20000-32000", undefined);
}

/** `count` neighbouring addresses, the first one given. */
export function addressesFrom(first: string, count: number): readonly string[] {
  const parts = first.split(".").map(Number);
  const last = parts[3] ?? 0;
  if (parts.length !== 4 || parts[0] !== 127 || last < 1 || last + count > 255) {
    throw new StackOptionError(`${count} servers do not fit on the loopback addresses from ${first}`, "Use 127.x.y.1");
  }
  return Array.from({ length: count }, (_, i) => [...parts.slice(0, 3), last + i].join("."));
}

/** A first loopback address that no other stack uses: all of 127.0.0.0/8 works on Linux without set-up. */
export function freeLoopback(): string {
  if (process.platform !== "linux") return "127.0.0.1";
  return `127.${randomInt(2, 255)}.${randomInt(0, 256)}.1`;
}

/** Whether something accepts a connection there now. */
export function accepts({ address, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 1_000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", () => answer(true));
    socket.once("timeout", () => answer(false));
    socket.once("error", () => answer(false));
  });
}

function canListen({ address, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") return resolve(false);
      reject(new StackOptionError(`Cannot listen on ${address}:${port} (${error.code})`, loopbackRemedy));
    });
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const loopbackRemedy =
  "Use one node, or give this machine the loopback address (macOS: sudo ifconfig lo0 alias ADDRESS)";
