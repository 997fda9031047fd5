import type { NearCache } from "../../src/engine/near-cache.ts";
import type { Writer } from "../../src/engine/writer.ts";
import type { Mutation } from "../../src/index.ts";
import type { Entropy } from "../../src/ports/entropy.ts";
import type { Telemetry } from "../../src/ports/telemetry.ts";
import type { Instant } from "../../src/protocol/instant.ts";
import type { Position } from "../../src/protocol/position.ts";
import type { Database } from "./database.ts";
import type { Deployment, Role } from "./deployment.ts";
import type { Engine } from "./engine.ts";
import type { Write } from "./history.ts";
import { keys, otherKeys } from "./keys.ts";
import { Link } from "./link.ts";
import { LogPort } from "./log-port.ts";
import type { LogServer } from "./log-server.ts";
import { wayBack } from "./positions.ts";
import { SimProcess } from "./sim-process.ts";
import { StorePort } from "./store-port.ts";
import { TIMES } from "./times.ts";
import type { World } from "./world.ts";

const FENCE = /^{"kind":"fence".*?"write":"([^"]+)"/;

export interface NodeParts {
  readonly engine: Engine;
  readonly world: World;
  readonly server: LogServer;
  readonly database: Database;
  readonly deployment: Deployment;
  readonly writeOf: (mutations: readonly Mutation[]) => Write | undefined;
  /** What this process's engine says. */
  readonly heard: (node: Node, event: Parameters<Telemetry["event"]>) => void;
}

/** One process of the deployment with the engine in it, which may die and start anew. */
export class Node {
  readonly role: Role;
  readonly process: SimProcess;
  readonly #parts: NodeParts;
  readonly #slot: number;
  #position: Position | undefined;
  readonly #answered = new WeakSet<object>();
  #lives = 0;
  #ids = 0;
  /** The first name that the engine asked for since this was emptied: a write's, while it begins. */
  firstId = "";
  /** When this life last dropped everything. */
  flushedAtMs: number | undefined;
  /** When this life last saw that the log had lost messages. */
  sawRollbackAtMs: number | undefined;
  /** It has caught up with the log since it started. */
  hasFilled = false;
  /** When this life began. */
  startedAtMs = 0;
  /** The writes that this life has begun, in that order. */
  begun: Write[] = [];
  /** When this life heard the fence of a write, live. */
  readonly #fences = new Map<string, Instant>();
  /** Requests that are neither answered nor refused. */
  readonly waiting = new Set<object>();
  link: Link;
  cache: NearCache | undefined;
  writer: Writer | undefined;

  constructor(parts: NodeParts, role: Role, slot: number) {
    this.#parts = parts;
    this.role = role;
    this.#slot = slot;
    this.process = new SimProcess(parts.world, role.name);
    this.link = this.#newLink();
  }

  get name(): string {
    return this.role.name;
  }

  start(): void {
    const { world, server, database, engine, deployment, writeOf, heard } = this.#parts;
    this.#lives++;
    world.say(this.name, this.#lives === 1 ? "starts" : "STARTS ANEW");
    this.process.limitSkew(TIMES.clockSkewMs);
    this.link = this.#newLink();
    this.startedAtMs = world.nowMs;
    server.links.add(this.link);
    this.link.connect();
    const ports = {
      log: new LogPort(server, this.link),
      store: new StorePort(world, database, this.process, writeOf),
      clock: this.process.clock(),
      entropy: this.#entropy(),
      telemetry: { event: (...event) => heard(this, event) } satisfies Telemetry,
      settings: deployment.settings,
    };
    const { isFrontend, isWriter, hasOtherKeys, onLogDown } = this.role;
    this.process.enter("timers", () => {
      const cache = isFrontend ? engine.createNearCache({ keys, ...ports, ...deployment.cache }) : undefined;
      cache?.start();
      const spec = hasOtherKeys ? otherKeys : keys;
      const onTouched = cache && { onTouched: cache.touch };
      const given = { keys: spec, ...ports, slot: this.#slot, onLogDown, ...onTouched, ...deployment.writer };
      this.cache = cache;
      this.writer = isWriter ? engine.createWriter(given) : undefined;
      this.writer?.start();
    });
  }

  /** Dies as under SIGKILL: nothing is finished, nobody is told. */
  crash(): void {
    this.#parts.world.say(this.name, "CRASHES");
    this.process.die();
    this.link.close();
    this.#parts.server.links.delete(this.link);
    this.cache = undefined;
    this.writer = undefined;
    this.flushedAtMs = undefined;
    this.sawRollbackAtMs = undefined;
    this.hasFilled = false;
    this.#position = undefined;
    this.begun = [];
    this.#fences.clear();
    this.waiting.clear();
  }

  /** True if by now the window that this write's fence has opened here has surely ended. */
  hasEndedFence({ id }: Write, lastsMs: number, now: Instant): boolean {
    const heardAt = this.#fences.get(id);
    if (heardAt === undefined) return false;
    return now.monotonicMs - heardAt.monotonicMs >= lastsMs && now.wallMs - heardAt.wallMs >= lastsMs;
  }

  /** This life has dropped everything; if it takes the log for another than it was, its position may be any. */
  flushed(atMs: number, isRebased: boolean): void {
    this.flushedAtMs = atMs;
    if (isRebased) this.#position = undefined;
  }

  /** What is wrong with the position where it stands now, given where it stood. */
  checkPosition(position: Position | undefined): void {
    const back = wayBack(this.#position, position);
    this.#position = position;
    if (back !== undefined) this.#parts.world.violate(`order: ${this.name} ${back}`);
  }

  /** True if this very value was answered before: it was come by together. */
  hasAnswered(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    const isKnown = this.#answered.has(value);
    this.#answered.add(value);
    return isKnown;
  }

  get isAlive(): boolean {
    return this.cache !== undefined || this.writer !== undefined;
  }

  #newLink(): Link {
    const { world, server } = this.#parts;
    return new Link(world, server, this.process, ({ body }) => {
      const [, id] = FENCE.exec(body) ?? [];
      if (id !== undefined && !this.#fences.has(id)) this.#fences.set(id, this.process.now());
    });
  }

  #entropy(): Entropy {
    const chance = this.#parts.world.tracks.of(`entropy of ${this.name}`);
    return {
      id: () => {
        const id = `${this.name}-${this.#lives}-${this.#ids++}`;
        this.firstId ||= id;
        return id;
      },
      fraction: () => chance.int(1_000) / 1_000,
    };
  }
}
