/**
 * What an application's own tests need: a whole nearkey in one process, a clock that stands still, and faults on demand.
 *
 * @module
 */
export { createEmbedded, type Embedded, type EmbeddedFrontend, type EmbeddedOptions } from "./embedded.ts";
export { createFaultyStore, type FaultyStore, type StoreFaults } from "./faulty-store.ts";
export { createSeededEntropy } from "./seeded-entropy.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
