import { join } from "node:path";
import { freePorts } from "../../../docker/stack/ports.ts";
import type { Role } from "../../../src/cli/config-schema.ts";
import { type FaultProxy, startFaultProxy } from "../links/fault-proxy.ts";
import { type NearkeyProcess, startNearkey } from "./nearkey-process.ts";
import type { DataCenter, Topology } from "./topology.ts";

/** The processes of one deployment of nearkey. */
export interface Processes {
  readonly backends: readonly NearkeyProcess[];
  readonly frontends: readonly NearkeyProcess[];
  readonly all: readonly NearkeyProcess[];
  /** SIGKILL for all of them; their links are closed, too. */
  close(): Promise<void>;
}

export interface ProcessesOptions {
  readonly topology: Pick<Topology, "backends" | "frontends" | "levels">;
  readonly built: string;
  /** What some of them run instead, by name: something that was made wrong. */
  readonly mutants?: ReadonlyMap<string, string>;
  readonly keyspace: string;
  readonly namespace: string;
  readonly contactPoints: (dataCenter: DataCenter) => readonly string[];
  readonly natsUrls: readonly string[];
  readonly boundMs: number;
  readonly fenceMs: number;
  readonly logs: string;
  readonly onDeath: (error: Error) => void;
}

interface Plan {
  readonly name: string;
  readonly role: Role;
  readonly dataCenter: DataCenter;
}

const HOST = "127.0.0.1";

/** Starts all at once, each with links of its own, and resolves when all are ready. If one fails, none is left running. */
export async function startProcesses(options: ProcessesOptions): Promise<Processes> {
  const plans = [...plansOf("backend", options.topology.backends), ...plansOf("frontend", options.topology.frontends)];
  const ports = await freePorts(HOST, plans.length);
  const links = await Promise.all(plans.map(() => linksTo(options.natsUrls)));
  const started = await Promise.allSettled(
    plans.map((plan, i) =>
      startNearkey({ ...processOptions(options, plan), port: ports[i] ?? 0, links: links[i] ?? [] }),
    ),
  );
  const all = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(all.map((one) => one.kill()));
    await Promise.all(links.flat().map((link) => link.close()));
  };
  const failure = started.find((one) => one.status === "rejected");
  if (failure !== undefined) {
    await close();
    throw failure.reason;
  }
  return {
    backends: all.filter(({ role }) => role === "backend"),
    frontends: all.filter(({ role }) => role === "frontend"),
    all,
    close,
  };
}

const plansOf = (role: Role, dataCenters: readonly DataCenter[]): readonly Plan[] =>
  dataCenters.map((dataCenter, i) => ({ name: `${role} ${i + 1}`, role, dataCenter }));

function linksTo(urls: readonly string[]): Promise<readonly FaultProxy[]> {
  const servers = urls.map((url) => new URL(url));
  return Promise.all(
    servers.map(({ hostname, port }) =>
      startFaultProxy({ address: HOST, port: 0 }, { address: hostname, port: Number(port) }),
    ),
  );
}

function processOptions(options: ProcessesOptions, { name, role, dataCenter }: Plan) {
  const { built, mutants, boundMs, fenceMs, keyspace, namespace, topology, onDeath } = options;
  return {
    name,
    role,
    built: mutants?.get(name) ?? built,
    logFile: join(options.logs, `${name.replace(" ", "-")}.log`),
    onDeath,
    args: [
      ...["--keyspace", keyspace, "--namespace", namespace, "--fence-ms", String(fenceMs)],
      ...["--contact-points", options.contactPoints(dataCenter).join(","), "--local-dc", dataCenter],
      ...topology.levels,
      ...(role === "frontend" ? ["--bound-ms", String(boundMs)] : []),
    ],
  };
}
