import type { Checks } from "../http/health-checks.ts";

/** What the start of a server waits for, and how far it has come: what `/readyz` says meanwhile. */
export class Reached {
  readonly #reached = new Set<"cassandra" | "nats">();

  note(what: "cassandra" | "nats"): void {
    this.#reached.add(what);
  }

  get checks(): Checks {
    const check = (what: "cassandra" | "nats", words: string) => () =>
      this.#reached.has(what)
        ? ({ status: "pass" } as const)
        : ({ status: "fail", output: `${words} has not been reached yet; it is tried again and again` } as const);
    const started = () => ({ status: "fail", output: "The process is starting" }) as const;
    return { started, cassandra: check("cassandra", "Cassandra"), nats: check("nats", "NATS") };
  }
}
