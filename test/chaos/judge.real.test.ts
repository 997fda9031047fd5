import { join } from "node:path";
import { Client } from "cassandra-driver";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeSocialKeyspace } from "../../src/cli/dev/social-keyspace.ts";
import { seeded } from "../sim/chance.ts";
import { describeReal } from "../support/real.ts";
import { type Clients, createClients } from "./clients/clients.ts";
import { buildInto, copyMutated, type Edit } from "./deployment/build.ts";
import { type Processes, startProcesses } from "./deployment/processes.ts";
import { openRunFolder, type RunFolder } from "./deployment/run-folder.ts";
import type { DataCenter } from "./deployment/topology.ts";
import type { Findings } from "./judge/findings.ts";
import type { LinkState } from "./links/link-state.ts";
import { openCourt } from "./run/court.ts";
import { settle } from "./town/settlers.ts";
import { foundTown } from "./town/town.ts";

/** A frontend to be judged: what is wrong with it, and what is wrong with its link to NATS. */
interface Defendant {
  readonly edits: readonly Edit[];
  readonly link: LinkState;
}

const WHOLE: LinkState = { kind: "whole" };
const HALF_OPEN: LinkState = { kind: "half-open", direction: "both" };
/** Far less than the bound: it stays proven, and what it hears is late. */
const SLOW: LinkState = { kind: "slow", delayMs: 150 };

const ignoresKeys: Edit = {
  file: "protocol/frontend.js",
  text: "touch(state.coherence, names, (key) => effects.evict(key));",
  becomes: "void names;",
};
const trustsAnyProof: Edit = {
  file: "protocol/load.js",
  text: "return proofAgeMs(state.proof, now) <= state.settings.boundMs;",
  becomes: "return true;",
};
const ignoresPositions: Edit = {
  file: "protocol/asked-position.js",
  text: "return feed.epoch === asked.epoch && feed.applied >= asked.sequence;",
  becomes: "return true;",
};

/** By the names that the processes get. Each fault is also that of a frontend that is right. */
const defendants: ReadonlyMap<string, Defendant> = new Map([
  ["frontend 1", { edits: [], link: HALF_OPEN }],
  ["frontend 2", { edits: [], link: SLOW }],
  ["frontend 3", { edits: [ignoresKeys], link: WHOLE }],
  ["frontend 4", { edits: [trustsAnyProof], link: HALF_OPEN }],
  ["frontend 5", { edits: [ignoresPositions], link: SLOW }],
]);

const RULES = { boundMs: 1_000, countersHold: true };
const UNTIL_CONDEMNED = { timeout: 150_000, interval: 100 };

describeReal("the judge", (real) => {
  let folder: RunFolder;
  let client: Client;
  let processes: Processes;
  let clients: Clients;
  const condemned = new Map<string, string[]>();

  beforeAll(async () => {
    folder = openRunFolder();
    const built = join(folder.path, "dist");
    await buildInto(built);
    const mutants = new Map<string, string>();
    for (const [name, { edits }] of defendants) {
      if (edits.length === 0) continue;
      mutants.set(name, join(folder.path, name.replace(" ", "-")));
      await copyMutated(built, join(folder.path, name.replace(" ", "-")), edits);
    }
    const keyspace = await real.keyspace();
    client = new Client({ ...real.cassandra });
    await client.connect();
    await makeSocialKeyspace(client, keyspace);
    const [town, chance] = [foundTown(), seeded(1).of("clients")];
    const initial = await settle(client, keyspace, town, chance);
    const dataCenter: DataCenter = "dc1";
    processes = await startProcesses({
      topology: { backends: [dataCenter], frontends: [...defendants].map(() => dataCenter), levels: [] },
      built,
      mutants,
      keyspace,
      namespace: keyspace.replaceAll("_", "-").slice(0, 32),
      contactPoints: () => real.cassandra.contactPoints,
      natsUrls: real.nats.servers,
      boundMs: RULES.boundMs,
      fenceMs: 22_000,
      logs: folder.logs,
      onDeath: (error) => findings.add("process died", error.message),
    });
    const findings: Findings = {
      add: (kind, words) => {
        const name = /^frontend \d/.exec(words)?.[0] ?? "";
        condemned.set(name, [...(condemned.get(name) ?? []), `${kind}: ${words}`]);
      },
      counts: new Map(),
      first: [],
    };
    const court = openCourt({ initial, rules: RULES, findings });
    clients = createClients({ ...court, ...processes, town, chance, underWay: new Map() });
    for (const frontend of processes.frontends) {
      const { link } = defendants.get(frontend.name) ?? { link: WHOLE };
      for (const one of frontend.links) one.set(link);
    }
    clients.start();
  }, 240_000);

  afterAll(async () => {
    await Promise.all([clients?.stopWriting(), clients?.stopReading()]);
    await processes?.close();
    await client?.shutdown();
    folder?.remove();
  }, 120_000);

  const verdicts = (name: string): string => condemned.get(name)?.join("\n") ?? "";

  it("condemns a frontend that ignores keys", { timeout: 180_000 }, async () => {
    await expect.poll(() => verdicts("frontend 3"), UNTIL_CONDEMNED).toContain("stale:");
  });

  it("condemns a frontend that answers from memory without proof, once its link is half-open", {
    timeout: 180_000,
  }, async () => {
    await expect.poll(() => verdicts("frontend 4"), UNTIL_CONDEMNED).toContain("stale:");
  });

  it("condemns a frontend that does not wait for the position of a reader's own write", {
    timeout: 180_000,
  }, async () => {
    await expect.poll(() => verdicts("frontend 5"), UNTIL_CONDEMNED).toMatch(/stale:.* at least /);
  });

  it("acquits those that are right, under the same faults", () => {
    expect(verdicts("frontend 1")).toBe("");
    expect(verdicts("frontend 2")).toBe("");
    expect(verdicts("")).toBe("");
  });
});
