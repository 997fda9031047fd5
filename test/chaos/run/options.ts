import { Command, InvalidArgumentError } from "commander";
import { type Topology, topologies } from "../deployment/topology.ts";
import { faultNamed } from "../faults/all.ts";
import type { Fault } from "../faults/fault.ts";

export interface ChaosOptions {
  readonly topology: Topology;
  /** In this order; otherwise by chance, for so many minutes. */
  readonly faults: readonly Fault[] | undefined;
  readonly minutes: number;
  readonly boundMs: number;
  /** How long each fault lasts; otherwise it depends on the fault and the bound. */
  readonly lastsMs: number | undefined;
  /** Print what clients saw, second by second. */
  readonly seconds: boolean;
  readonly seed: number;
}

interface Flags {
  readonly middle?: true;
  readonly long?: true;
  readonly minutes: number;
  readonly faults?: readonly Fault[];
  readonly boundMs: number;
  readonly lasts?: number;
  readonly seconds?: true;
}

/** Reads the command line of `npm run chaos`; `--help` and mistakes end the process. */
export function parseOptions(argv: readonly string[], seed: string | undefined): ChaosOptions {
  const command = new Command("npm run chaos --")
    .description(
      "Breaks real servers and processes under clients whose every answer is judged. SEED=<n> in the environment " +
        "chooses other faults, targets and requests.",
    )
    .option("--middle", "three Cassandra nodes and a cluster of three nats-servers")
    .option("--long", "two data centres of three Cassandra nodes each, and a cluster of three nats-servers")
    .option("--minutes <n>", "for how long faults come by chance", positive, 4)
    .option("--faults <names>", "these faults, in this order, separated by commas", faultsNamed)
    .option("--bound-ms <n>", "how old the proof behind a hit may be", positive, 3_000)
    .option("--lasts <seconds>", "how long each fault lasts (default: half the bound, or twice)", positive)
    .option("--seconds", "print what clients saw, second by second");
  const flags = command.parse([...argv], { from: "user" }).opts<Flags>();
  return {
    topology: flags.long ? topologies.long : flags.middle ? topologies.middle : topologies.short,
    faults: flags.faults,
    minutes: flags.minutes,
    boundMs: flags.boundMs,
    lastsMs: flags.lasts === undefined ? undefined : flags.lasts * 1000,
    seconds: flags.seconds === true,
    seed: seed === undefined ? Date.now() % 1_000_000 : positive(seed),
  };
}

function positive(text: string): number {
  const n = Number(text);
  if (!(n > 0)) throw new InvalidArgumentError("Take a number above 0.");
  return n;
}

function faultsNamed(text: string): readonly Fault[] {
  try {
    return text.split(",").map(faultNamed);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
