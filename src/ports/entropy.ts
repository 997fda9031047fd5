/** Chance, as the engine is given it: real, or seeded. */
export interface Entropy {
  /** A new name, 22 characters of `A-Za-z0-9-`, never given twice. */
  id(): string;
  /** A number from 0 up to, not including, 1. */
  fraction(): number;
}
