import { randomBytes, randomInt } from "node:crypto";
import type { Entropy } from "../../ports/entropy.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 62^22 is more than 2^130: as good as a UUID, and shorter. */
const ID_LENGTH = 22;

/** Chance from the operating system. */
export const systemEntropy: Entropy = {
  id: () => Array.from({ length: ID_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(""),
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
