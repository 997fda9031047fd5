import type { Mutation } from "../../src/index.ts";
import type { LogRecord } from "../../src/ports/invalidation-log.ts";
import type { Agenda } from "./agenda.ts";
import { Database } from "./database.ts";
import type { Deployment } from "./deployment.ts";
import type { Engine } from "./engine.ts";
import { Excuses } from "./excuses.ts";
import type { Habits } from "./habits.ts";
import { History, type Write } from "./history.ts";
import { Judge } from "./judge.ts";
import { FRIENDS, LISTS, SESSIONS, USERS, upTo } from "./keys.ts";
import type { Life } from "./life.ts";
import { LogServer } from "./log-server.ts";
import { firstRows } from "./mutations.ts";
import { Node } from "./node.ts";
import { noteRecord } from "./records.ts";
import { hear } from "./telemetry.ts";
import { TIMES } from "./times.ts";
import type { World } from "./world.ts";

export interface SimulationParts {
  readonly engine: Engine;
  readonly world: World;
  readonly deployment: Deployment;
  readonly habits: Habits;
}

/** Everything of one schedule, wired together. */
export class Simulation {
  readonly world: World;
  readonly deployment: Deployment;
  readonly habits: Habits;
  readonly history = new History(allRows());
  readonly excuses = new Excuses();
  readonly judge: Judge;
  readonly server: LogServer;
  readonly database: Database;
  readonly nodes: readonly Node[];
  readonly #writeOf = new Map<Mutation, Write>();
  answers = 0;
  /** Answers that had something to be held against. */
  judged = 0;
  hits = 0;
  acknowledged = 0;

  constructor({ engine, world, deployment, habits }: SimulationParts) {
    this.world = world;
    this.habits = habits;
    this.judge = new Judge(this.history, this.excuses, world.isWeak);
    this.deployment = deployment;
    this.server = new LogServer(world, deployment.hasHistory, (record: LogRecord) => noteRecord(this, record));
    this.database = new Database(world);
    const parts = {
      engine,
      world,
      deployment,
      server: this.server,
      database: this.database,
      writeOf: ([first]: readonly Mutation[]) => first && this.#writeOf.get(first),
      onEvent: (life: Life, event: Parameters<typeof hear>[2]) => hear(this, life, event),
    };
    const { mutations, effects } = firstRows();
    const write = this.history.begin({ n: 0, id: "", owner: "", effects, begunAtMs: 0, mayGoUnfenced: false });
    this.database.fill({ mutations, timestampMicros: 0, write, chance: world.tracks.of("w0") });
    this.history.wasThere(write, this.server.epoch);
    this.nodes = deployment.roles.map((role, slot) => new Node(parts, role, slot));
  }

  /** The processes that live. */
  get lives(): readonly Life[] {
    return this.nodes.flatMap(({ life }) => life ?? []);
  }

  get agenda(): Agenda {
    return this.world.agenda;
  }

  /** These mutations are this write of the history: they are told apart by what they are, not by what they say. */
  nameWrite([first]: readonly Mutation[], write: Write): void {
    if (first !== undefined) this.#writeOf.set(first, write);
  }

  /** How long a fence can hold at most: a window folded for want of room may be opened anew until its period ends. */
  get fenceLastsMs(): number {
    const { settings } = this.deployment;
    const lookMs = this.world.faults.has("wall clock set back") ? TIMES.lookAgainMs : 0;
    const once = TIMES.fenceMs + lookMs + (this.world.isWeak ? TIMES.settleMs : 0);
    return (settings.maxWindows ?? 0) < 100 ? 3 * once : once;
  }

  start(node: Node): void {
    node.start();
    this.excuses.started(node.name, this.world.nowMs);
  }
}

function allRows(): readonly string[] {
  return [
    ...upTo(USERS).map((id) => `users/${id}`),
    ...upTo(SESSIONS).map((id) => `sessions/${id}`),
    ...upTo(LISTS).flatMap((user) => upTo(FRIENDS).map((friend) => `friendships/${user}/${friend}`)),
  ];
}
