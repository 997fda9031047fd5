import type { Server } from "node:net";

/** Where it listens. Throws where it does not, or not on a port. */
export function portOf(listener: Server): number {
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("it does not listen on a port");
  return address.port;
}
