import type { Chance } from "../../sim/chance.ts";
import type { NearkeyProcess } from "../deployment/nearkey-process.ts";
import type { Processes } from "../deployment/processes.ts";
import type { CassandraHost, Servers } from "../deployment/servers.ts";
import type { StreamAdmin } from "../deployment/stream-admin.ts";

/** A way in which things break. */
export interface Fault {
  readonly name: string;
  /** What it breaks: two faults of one kind of part are not at work at the same moment. */
  readonly breaks: readonly Part[];
  /** Within the bound nobody has to notice; past it everybody must. */
  readonly lasts: "within the bound" | "past the bound";
  /** Where it can be; default everywhere. */
  readonly fits?: (ground: Ground) => boolean;
  /** The log loses what it had acknowledged, and gives its sequences again. */
  readonly setsLogBack?: true;
  begin(ground: Ground): Promise<Running>;
}

export type Part = "cassandra" | "nats" | "backend" | "frontend";

/** A fault at work. */
export interface Running {
  /** To whom it happens, in words. */
  readonly what: string;
  /** Mends it. */
  end(): Promise<void>;
  /** What shows that it happened; asked once it is mended. Throws `NoEvidenceError` where nothing does. */
  evidence(): Promise<readonly string[]>;
}

/** What faults can break, and where they look for their evidence. */
export interface Ground {
  readonly servers: Pick<Servers, "cassandra" | "nats">;
  readonly processes: Pick<Processes, "all" | "backends" | "frontends">;
  readonly stream: StreamAdmin;
  readonly chance: Chance;
  /** How many writes this backend has not answered yet. */
  writesUnderWay(backend: NearkeyProcess): number;
  /** A client of this node and no other, past its link. */
  askAlone(host: CassandraHost): Promise<Replica>;
}

/** One replica, by itself. */
export interface Replica {
  /** How many values it answers that were overwritten, and acknowledged so, more than a second ago. */
  countOldValues(): Promise<number>;
  close(): Promise<void>;
}
