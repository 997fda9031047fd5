/** Where the real servers of this vitest run are, or why there are none. Crosses from the global setup to the workers. */
export type RealServers = RealAddresses | { readonly skipped: string };

export interface RealAddresses {
  readonly startedAs: "containers" | "processes";
  readonly cassandra: { readonly contactPoints: string[]; readonly localDataCenter: string };
  readonly nats: { readonly servers: string[] };
}

declare module "vitest" {
  export interface ProvidedContext {
    real: RealServers;
  }
}
