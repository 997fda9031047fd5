/** What may go wrong, or just happen, in a scenario of the coherence model. */
export type Fault =
  // to a write
  | "crash"
  | "paused"
  | "timeout"
  | "lost-write"
  | "undecided"
  | "refused"
  | "ack-lost"
  | "stored-again"
  | "lag"
  // to a record on its way to the frontend
  | "lost-record"
  | "lost-log"
  | "heard-twice"
  | "heard-late"
  // to the frontend
  | "evicted"
  | "refresh"
  | "bypass"
  | "position"
  | "audit"
  | "tick"
  | "restart";

export interface Scenario {
  readonly name: string;
  readonly weak?: true;
  readonly writes: readonly WriteOf[];
  /** What readers ask for. */
  readonly reads: readonly SubjectName[];
  readonly maxLoads: number;
  readonly faults: readonly Fault[];
  /** The timestamp of each write, by its writer's clock; default: the second has a later one than the first. */
  readonly timestamps?: readonly number[];
  /** Each write begins once the one before it is answered. */
  readonly inTurn?: true;
  /** Windows may end at any moment: no assumption about time. Then only acknowledged writes count. */
  readonly endsAnyTime?: true;
}

export interface WriteOf {
  /** The keys that it changes. */
  readonly keys: readonly BaseKey[];
  /** How it names them; default by key. */
  readonly by?: "key" | "partition" | "table" | "other-spec";
  /** It needs a message for each key. */
  readonly inParts?: true;
  readonly conditional?: true;
}

export type BaseKey = "k1" | "k2";
export type SubjectName = BaseKey | "view" | "outer";

export const has = ({ faults }: Scenario, fault: Fault): boolean => faults.includes(fault);

/** What a writer's clock says; greater than zero. Of two writes of a key the database keeps the one with the later timestamp. */
export const timestampOf = ({ timestamps }: Scenario, writer: number): number => timestamps?.[writer] ?? writer + 1;
