import { Command } from "commander";
import type { LiveKeyspace } from "../../adapters/cassandra/live-keyspace.ts";
import { NearkeyError } from "../../spec/error.ts";
import { readOptions } from "../config.ts";
import { addOptionFlags, sourcesOf } from "../config-flags.ts";
import { namesIn } from "../config-schema.ts";
import { gatherGiven } from "../config-sources.ts";
import { initSchema } from "../looking-schema.ts";
import { readKeyspace } from "../read-keyspace.ts";
import { factsOf } from "./facts.ts";
import { keysModule } from "./keys-module.ts";
import { type Plan, planModules } from "./plan.ts";
import { summaryText } from "./summary.ts";
import { tablesModule } from "./tables-module.ts";
import { type Module, writeModules } from "./write-modules.ts";

const EXAMPLES = `
Examples:
  nearkey init --keyspace shop --print                 look, and write nothing
  nearkey init --keyspace shop --out src/cache         tables.ts and keys.ts
  nearkey init --keyspace shop --contact-points 10.0.0.1 --local-dc dc1 --json
  nearkey keys src/cache/keys.ts                       what was declared, and what makes it stale

No file is overwritten. Exit codes: 0 written or printed, 1 failed, 2 used wrongly.`;

/** The keyspace has no table that can be declared. */
export class NothingToDeclareError extends NearkeyError {
  readonly code = "E_NOTHING_TO_DECLARE";
}

interface InitOptions {
  readonly out: string;
  readonly print?: true;
  readonly json?: true;
}

/** `nearkey init`: writes typed tables and a key module for a live keyspace. */
export function initCommand(): Command {
  const command = new Command("init").description("Write typed tables and a key module for a keyspace that is there.");
  return addOptionFlags(command, namesIn(initSchema))
    .option("--out <folder>", "where tables.ts and keys.ts go", ".")
    .option("--print", "print the modules, and write nothing")
    .option("--json", "print what they say as JSON, in place of words")
    .addHelpText("after", EXAMPLES)
    .action(async function action(this: Command, options: InitOptions) {
      const config = readOptions(initSchema, gatherGiven(namesIn(initSchema), sourcesOf(this)));
      const plan = planOf(await readKeyspace({ ...config, role: "init" }));
      process.stdout.write(`${await carryOut(plan, options)}\n`);
    });
}

function planOf(live: LiveKeyspace): Plan {
  const plan = planModules(live);
  if (plan.tables.length > 0) return plan;
  const reasons = plan.leftOut.map(({ name, why }) => `\n  ${name}: ${why}`).join("");
  throw new NothingToDeclareError(
    `keyspace ${live.name} has no table that can be declared${reasons}`,
    "Give the keyspace that holds your tables",
  );
}

/** Writes the modules, or not, and gives what is to be printed. */
async function carryOut(plan: Plan, { json, out, print }: InitOptions): Promise<string> {
  const modules: readonly Module[] = [
    { file: "tables.ts", text: tablesModule(plan) },
    { file: "keys.ts", text: keysModule(plan) },
  ];
  const written = print ? [] : await writeModules(out, modules);
  if (json) return JSON.stringify({ ...factsOf(plan), written }, undefined, 2);
  return print ? modules.map(({ file, text }) => `// ${file}\n\n${text}`).join("\n") : summaryText(plan, written);
}
