import type { TokenReader } from "./token-reader.ts";

/** Reserved words, so that none of them can be a column: what comes next is a condition, or the next statement of a batch. */
const WORDS = ["if", "insert", "update", "delete", "apply"];

export const endsStatement = (reader: TokenReader): boolean => WORDS.some((word) => reader.isWord(word));
