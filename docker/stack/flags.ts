import { Command, InvalidArgumentError } from "commander";

export interface StackFlags {
  readonly nodes: number;
  readonly dcs: number;
  readonly nats: 1 | 3;
  readonly keep?: true;
  readonly local?: true;
}

/** Reads the command line of `npm run stack`; `--help` and mistakes end the process. */
export function parseFlags(argv: readonly string[]): StackFlags {
  return new Command("npm run stack --")
    .description(
      "Starts a real Cassandra and a real NATS for nearkey: in Docker where an engine answers, else as processes " +
        "of this machine, which needs Java 17, Maven, and Python with pip or Go. Ctrl-C stops them.",
    )
    .option("--nodes <n>", "Cassandra nodes in each data centre, on 127.0.0.1, 127.0.0.2, ...", positive, 1)
    .option("--dcs <n>", "data centres, named dc1, dc2, ...", positive, 1)
    .option("--nats <n>", "NATS servers: 1, or a cluster of 3", oneOrThree, 1)
    .option("--keep", "start on the data of the last run instead of empty")
    .option("--local", "without Docker, even where an engine answers")
    .parse([...argv], { from: "user" })
    .opts<StackFlags>();
}

function positive(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("Take 1 or more.");
  return n;
}

function oneOrThree(text: string): 1 | 3 {
  if (text === "1") return 1;
  if (text === "3") return 3;
  throw new InvalidArgumentError("Take 1 or 3.");
}
