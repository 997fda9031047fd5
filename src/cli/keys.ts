import { Command, Option } from "commander";
import { type Catalog, catalogOf } from "../spec/catalog.ts";
import { answerKey, answerMutation } from "./keys-answer.ts";
import { MUTATION_HELP, parseMutation } from "./keys-mutation.ts";
import { loadKeyModule } from "./load-key-module.ts";
import { keyText, mutationText } from "./print-answers.ts";
import { keysText } from "./print-keys.ts";

interface KeysOptions {
  readonly mutation?: string;
  readonly key?: string;
  readonly json?: true;
}

/**
 * `nearkey keys <module>`: what is declared, what a write evicts, what makes a key stale. Needs no database and no log.
 *
 * @example
 * await keysCommand().parseAsync(["keyspec/index.ts", "--key", "users_42_friends"], { from: "user" });
 */
export function keysCommand(): Command {
  return new Command("keys")
    .description("Print the declared keys: templates, HTTP paths, and what makes each stale.")
    .argument("<module>", "TypeScript or JavaScript file that exports a key set, as `keys` or as default")
    .addOption(new Option("--mutation <write>", "answer: what does this write evict?").conflicts("key"))
    .addOption(new Option("--key <text>", "answer: what makes this key stale?"))
    .option("--json", "print as JSON; without a question, the whole key spec with its fingerprint")
    .addHelpText("after", `\nWrites are described like this:\n  ${MUTATION_HELP.replaceAll("\n", "\n  ")}`)
    .action(async (module: string, options: KeysOptions) => {
      process.stdout.write(`${answerText(catalogOf(await loadKeyModule(module)), options)}\n`);
    });
}

/** What the command prints about these keys. Throws `NearkeyError` where the question cannot be read. */
export function answerText(catalog: Catalog, { mutation, key, json }: KeysOptions): string {
  const toText = <T>(answer: T, text: (answer: T) => string): string =>
    json ? JSON.stringify(answer, undefined, 2) : text(answer);
  if (mutation !== undefined) {
    return toText(answerMutation(catalog, parseMutation(mutation, catalog.tables)), mutationText);
  }
  if (key !== undefined) return toText(answerKey(catalog, key), keyText);
  return toText(catalog.exported, () => keysText(catalog));
}
