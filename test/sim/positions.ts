import type { Position } from "../../src/protocol/position.ts";

/** Positions of one life of the log only grow, and no life of it comes back: lives are named E1, E2, ... In words; undefined if all is well. */
export function wayBack(from: Position | undefined, to: Position | undefined): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  const isBack = from.epoch === to.epoch ? to.sequence < from.sequence : lifeOf(to) < lifeOf(from);
  return isBack ? `went back from ${from.epoch}.${from.sequence} to ${to.epoch}.${to.sequence}` : undefined;
}

const lifeOf = ({ epoch }: Position): number => Number(epoch.slice(1));
