import { afterEach } from "vitest";
import { keys } from "../../keyspec/index.ts";
import {
  createEmbedded,
  createSeededEntropy,
  createVirtualClock,
  type Embedded,
  type EmbeddedFrontend,
  type EmbeddedOptions,
  type VirtualClock,
} from "../../src/testing/index.ts";

export interface TestStack extends Embedded {
  readonly clock: VirtualClock;
  readonly a: EmbeddedFrontend;
  readonly b: EmbeddedFrontend;
}

const open: Embedded[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((stack) => stack.close()));
});

/** Two frontends on a virtual clock, proven; closed after the test. */
export async function provenStack(
  options: Partial<EmbeddedOptions> & { readonly clock?: VirtualClock } = {},
): Promise<TestStack> {
  const clock = options.clock ?? createVirtualClock();
  const stack = createEmbedded({ keys, entropy: createSeededEntropy(1), frontends: 2, ...options, clock });
  open.push(stack);
  await clock.advance(1_500);
  const [a, b] = stack.frontends;
  if (a === undefined || b === undefined) throw new Error("two frontends");
  return { ...stack, clock, a, b };
}
