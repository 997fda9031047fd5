import type { Table } from "../../spec/table.ts";
import { comment, type Doc, type Group, layOut } from "./layout.ts";
import type { CodedColumn, LeftOut, Plan, PlannedTable, PlannedType } from "./plan.ts";

const HEADER = (keyspace: string): string =>
  `The tables of keyspace ${keyspace}, as \`nearkey init\` found them. ttl: "may" lets cells carry a TTL. Where no write uses one, say ttl: "never": then lists of bare keys, counts and collections are cached too.`;

/** The module that declares the tables. */
export function tablesModule(plan: Plan): string {
  const { keyspace, leftOut, tables, types } = plan;
  const imports = layOut({ head: "import ", bracket: "{", items: importedNames(plan), tail: ' from "nearkey";' });
  const declarations = [...types.map(typeCode), ...tables.map(tableCode)];
  const without = leftOut.map((each) => comment(leftOutText(each)).join("\n"));
  return `${[imports, comment(HEADER(keyspace)).join("\n"), ...declarations, ...without].join("\n\n")}\n`;
}

/** What the code of the declarations calls, but for what the module itself declares. */
function importedNames({ tables, types }: Plan): readonly string[] {
  const own = new Set(types.map(({ constant }) => constant));
  const codes = [...types.flatMap(({ fields }) => fields), ...tables.flatMap(({ columns }) => columns)];
  const called = codes.flatMap(({ code }) => code.match(/[A-Za-z]\w*/g) ?? []).filter((name) => !own.has(name));
  return [...new Set(["table", ...(types.length > 0 ? ["udt"] : []), ...called])].sort();
}

/** Why it is not declared, in one sentence. */
export const leftOutText = ({ what, name, why }: LeftOut): string =>
  `Left out: ${what} ${name}: ${why.replace(/\.$/, "")}.`;

function typeCode({ constant, fields, name }: PlannedType): string {
  return layOut(call(`const ${constant} = udt`, [quote(name), object("", fields.map(column))]));
}

function tableCode({ columns, constant, notes, table }: PlannedTable): string {
  const code = call(`export const ${constant} = table`, [
    quote(table.name),
    object("", columns.map(column)),
    object("", optionsOf(table)),
  ]);
  return [...notes.flatMap(comment), layOut(code)].join("\n");
}

function optionsOf({ clustering, partition, static: statics, ttl }: Table): readonly Doc[] {
  const list = (name: string, items: readonly string[]): Group => ({
    head: `${name}: `,
    bracket: "[",
    items: items.map(quote),
    tail: "",
  });
  return [
    list("partition", partition),
    ...(clustering.length > 0
      ? [
          object(
            "clustering: ",
            clustering.map(({ column: name, order }) => `${name}: ${quote(order)}`),
          ),
        ]
      : []),
    ...(statics.length > 0 ? [list("static", statics)] : []),
    `ttl: ${quote(ttl)}`,
  ];
}

const column = ({ name, code }: CodedColumn): string => `${name}: ${code}`;
const quote = (text: string): string => JSON.stringify(text);
const object = (head: string, items: readonly Doc[]): Group => ({ head, bracket: "{", items, tail: "" });
const call = (head: string, items: readonly Doc[]): Group => ({ head, bracket: "(", items, tail: ";" });
