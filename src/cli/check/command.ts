import { Command, Option } from "commander";
import { addOptionFlags, sourcesOf } from "../config-flags.ts";
import { namesIn } from "../config-schema.ts";
import { checkSchema } from "../looking-schema.ts";
import { printError } from "../print-error.ts";
import { type CheckOptions, look } from "./look.ts";
import { COULD_NOT_LOOK, exitCodeOf } from "./report.ts";
import { reportText } from "./report-text.ts";

const EXAMPLES = `
Examples:
  nearkey check --keys ./keys.ts --keyspace shop                                      the schema
  nearkey check --keys ./keys.ts --keyspace shop --nats-servers nats://10.0.0.9:4222  and the services that run
  nearkey check --config production.json --schema-only --json

Exit codes: 0 no drift, 1 drift, 2 something could not be looked at (it says what), or used wrongly.`;

/** `nearkey check`: is a key module what the live keyspace is, and what the running services have? For CI. */
export function checkCommand(): Command {
  const command = new Command("check").description(
    "Compare a key module with the live schema, and with the key specs of the services that run.",
  );
  return addOptionFlags(command, namesIn(checkSchema.omit({ natsServers: true })))
    .addOption(new Option("--nats-servers <urls>", "NATS servers, with commas; without them no service is asked"))
    .option("--schema-only", "ask no service, whatever the environment or the file say of NATS")
    .option("--allow-undeclared", "columns that could be declared and are not are no drift")
    .option("--json", "print as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async function action(this: Command, options: CheckOptions) {
      try {
        const report = await look(sourcesOf(this), options);
        process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : reportText(report)}\n`);
        process.exitCode = exitCodeOf(report);
      } catch (error) {
        printError(error);
        process.exitCode = COULD_NOT_LOOK;
      }
    });
}
