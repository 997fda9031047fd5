import { cassandraFaults } from "./cassandra-faults.ts";
import type { Fault } from "./fault.ts";
import { linkFaults } from "./link-faults.ts";
import { natsFaults } from "./nats-faults.ts";
import { processFaults } from "./process-faults.ts";
import { streamFaults } from "./stream-faults.ts";

/** Every fault there is: one more goes into one of these lists, and is chosen from then on. */
export const faults: readonly Fault[] = [
  ...processFaults,
  ...natsFaults,
  ...streamFaults,
  ...cassandraFaults,
  ...linkFaults,
];

/** Throws, with all names, where there is none of this name. */
export function faultNamed(name: string): Fault {
  const found = faults.find((fault) => fault.name === name);
  if (found !== undefined) return found;
  throw new Error(`there is no fault ${name}; there are ${faults.map((fault) => fault.name).join(", ")}`);
}
