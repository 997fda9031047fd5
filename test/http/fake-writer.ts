import type { Writer, Written } from "../../src/engine/writer.ts";
import { epoch, sequence } from "../../src/protocol/position.ts";
import type { Mutation } from "../../src/spec/mutation.ts";

export interface FakeWriter extends Pick<Writer, "write"> {
  readonly written: Mutation[];
}

export const WRITTEN: Written = {
  applied: true,
  position: { epoch: epoch("e1"), sequence: sequence(8) },
  timestampMicros: 1_700_000_000_000_000,
};

/** Remembers what it was to write, and answers with `outcome`, or throws it if it is an error. */
export function fakeWriter(outcome: Partial<Written> | Error = {}): FakeWriter {
  const written: Mutation[] = [];
  return {
    written,
    write: async (mutations) => {
      written.push(...[mutations].flat());
      if (outcome instanceof Error) throw outcome;
      return { ...WRITTEN, ...outcome };
    },
  };
}
