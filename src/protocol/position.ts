/** The number the log gave a message, from 1, without holes within one epoch. */
export type Sequence = number & { readonly $sequence: true };
/** Names one life of the log: it changes when the stream is made anew. It is part of the stream's name. */
export type Epoch = string & { readonly $epoch: true };
/** The tick of a frontend's own counter; it moves with everything that could make a read out of date. */
export type Tick = number & { readonly $tick: true };

export const sequence = (n: number): Sequence => n as Sequence;
export const epoch = (name: string): Epoch => name as Epoch;
export const tick = (n: number): Tick => n as Tick;

/** A place in the log: what a client holds to read its own writes. */
export interface Position {
  readonly epoch: Epoch;
  readonly sequence: Sequence;
}

const POSITION = /^([A-Za-z0-9-]{1,64})\.(\d{1,15})$/;

/** `epoch.sequence`, as in the `Nearkey-Position` header. */
export function formatPosition(position: Position): string {
  return `${position.epoch}.${position.sequence}`;
}

/** The position a text stands for, or undefined if it is none. */
export function parsePosition(text: string): Position | undefined {
  const match = POSITION.exec(text);
  return match?.[1] === undefined ? undefined : { epoch: epoch(match[1]), sequence: sequence(Number(match[2])) };
}
