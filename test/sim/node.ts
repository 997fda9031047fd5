import type { Mutation } from "../../src/index.ts";
import type { Telemetry } from "../../src/ports/telemetry.ts";
import type { Database } from "./database.ts";
import type { Deployment, Role } from "./deployment.ts";
import type { Engine } from "./engine.ts";
import type { Write } from "./history.ts";
import { keys, otherKeys } from "./keys.ts";
import { Life } from "./life.ts";
import { Link } from "./link.ts";
import { LogPort } from "./log-port.ts";
import type { LogServer } from "./log-server.ts";
import { SimProcess } from "./sim-process.ts";
import { StorePort } from "./store-port.ts";
import { TIMES } from "./times.ts";
import type { World } from "./world.ts";

export interface NodeParts {
  readonly engine: Engine;
  readonly world: World;
  readonly server: LogServer;
  readonly database: Database;
  readonly deployment: Deployment;
  readonly writeOf: (mutations: readonly Mutation[]) => Write | undefined;
  /** What the engine says. */
  readonly onEvent: (life: Life, event: Parameters<Telemetry["event"]>) => void;
}

/** A process of the deployment: its clocks go on while lives of it come and go. */
export class Node {
  readonly role: Role;
  readonly process: SimProcess;
  readonly #parts: NodeParts;
  readonly #slot: number;
  /** Undefined while it is dead. */
  life: Life | undefined;

  constructor(parts: NodeParts, role: Role, slot: number) {
    this.#parts = parts;
    this.role = role;
    this.#slot = slot;
    this.process = new SimProcess(parts.world, role.name);
  }

  get name(): string {
    return this.role.name;
  }

  start(): void {
    const { world, server } = this.#parts;
    world.say(this.name, "STARTS");
    this.process.limitSkew(TIMES.clockSkewMs);
    const link = new Link(world, server, this.process, (record) => life.heard(record));
    const life = new Life({ process: this.process, link, startedAtMs: world.nowMs });
    this.life = life;
    server.links.add(link);
    link.connect();
    this.process.enter("timers", () => this.#run(life));
  }

  /** Dies as under SIGKILL: nothing is finished, nobody is told. */
  crash(): void {
    if (this.life === undefined) return;
    this.#parts.world.say(this.name, "CRASHES");
    this.process.die();
    this.life.link.close();
    this.#parts.server.links.delete(this.life.link);
    this.life = undefined;
  }

  #run(life: Life): void {
    const { world, server, database, engine, deployment, writeOf, onEvent } = this.#parts;
    const { isFrontend, isWriter, hasOtherKeys, onLogDown } = this.role;
    const chance = world.tracks.of(`entropy of ${this.name}`);
    const ports = {
      log: new LogPort(server, life.link),
      store: new StorePort(world, database, this.process, writeOf),
      clock: this.process.clock(),
      entropy: { id: () => life.newId(), fraction: () => chance.int(1_000) / 1_000 },
      telemetry: { event: (...event) => onEvent(life, event) } satisfies Telemetry,
      settings: deployment.settings,
    };
    if (isFrontend) life.cache = engine.createNearCache({ keys, ...ports, ...deployment.cache });
    life.cache?.start();
    const spec = hasOtherKeys ? otherKeys : keys;
    const onTouched = life.cache && { onTouched: life.cache.touch };
    const given = { keys: spec, ...ports, slot: this.#slot, onLogDown, ...onTouched, ...deployment.writer };
    if (isWriter) life.writer = engine.createWriter(given);
    life.writer?.start();
  }
}
