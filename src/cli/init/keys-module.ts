import { comment, type Doc, layOut } from "./layout.ts";
import type { Plan, PlannedKey } from "./plan.ts";

const HEADER = (keyspace: string): string =>
  `The keys of keyspace ${keyspace}, as \`nearkey init\` proposes them: one for the rows of each table, and guesses at the lists that are read, each of them evicted by every write to its partition. Rename, remove and add as your application reads.`;

/** The module that declares the keys, beside that of the tables. */
export function keysModule({ keys, keyspace }: Plan): string {
  const imports = ['import { defineKeys, key } from "nearkey";', 'import * as tables from "./tables.js";'].join("\n");
  const set = layOut({
    head: "export const keys = defineKeys(",
    bracket: "{",
    items: keys.map(({ name }) => name),
    tail: ");",
  });
  return `${[imports, comment(HEADER(keyspace)).join("\n"), ...keys.map(keyCode), set].join("\n\n")}\n`;
}

function keyCode(planned: PlannedKey): string {
  const { guess } = planned;
  return [...(guess === undefined ? [] : comment(`a guess: ${guess}`)), layOut(declaration(planned))].join("\n");
}

function declaration({ bind, kind, name, table, template }: PlannedKey): Doc {
  const begin = `const ${name} = key`;
  const read = `.${kind}(tables.${table.constant}`;
  const text = JSON.stringify(template);
  if (bind === undefined) return { head: begin, bracket: "(", items: [text], tail: `${read});` };
  const items = Object.entries(bind).map(([column, param]) => `${column}: ${JSON.stringify(param)}`);
  return { head: `${begin}(${text})${read}, `, bracket: "{", items, tail: ");" };
}
