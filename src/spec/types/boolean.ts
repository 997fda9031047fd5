import { z } from "zod";
import { type KeyType, keyScalar } from "./scalar.ts";

const read = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

const TEXTS: Readonly<Record<string, boolean | undefined>> = { true: true, false: false };

/** CQL `boolean`: true or false; false is the lesser. */
export const boolean: KeyType<boolean> = keyScalar<boolean>(
  { name: "boolean", expected: "true or false", json: z.boolean(), read, compare: (a, b) => Number(a) - Number(b) },
  { toText: String, fromText: (text) => TEXTS[text], witnesses: ["true", "false"] },
);
