/**
 * An explicit-state model checker. It goes breadth first, so the first counterexample is a shortest one.
 *
 * States are remembered by a 53-bit fingerprint of their canonical text, as TLC does by 64 bits: `collisionChance` says how likely it is
 * that two different states were taken for one.
 */
export interface Model<S> {
  init(): S;
  /** What can happen next. `run` is given a copy of the state, and changes it. */
  steps(state: S): readonly Step<S>[];
  clone(state: S): S;
  /** Two states with the same text have the same future. */
  text(state: S): string;
  /** The invariant that this state breaks, and how. */
  violation(state: S): string | undefined;
}

export interface Step<S> {
  readonly label: string;
  run(state: S): void;
}

export interface Result {
  readonly states: number;
  readonly steps: number;
  readonly depth: number;
  readonly ms: number;
  /** True if the limit ended the search before the last state was seen. */
  readonly capped: boolean;
  readonly violation: string | undefined;
  /** The schedule that leads to the violation. */
  readonly schedule: readonly string[];
  readonly collisionChance: number;
}

export interface Limits {
  readonly maxStates?: number;
}

export function check<S>(model: Model<S>, { maxStates = 10_000_000 }: Limits = {}): Result {
  const startedAt = performance.now();
  const seen = new Set<number>();
  const parents: number[] = [];
  const labels: string[] = [];
  const oneOf = new Map<string, string>(); // each label once, however many steps bear it
  let steps = 0;
  let depth = 0;

  const add = (state: S, parent: number, label: string): number | undefined => {
    const print = fingerprint(model.text(state));
    if (seen.has(print)) return undefined;
    seen.add(print);
    const known = oneOf.get(label) ?? label;
    oneOf.set(known, known);
    labels.push(known);
    return parents.push(parent) - 1;
  };
  const result = (violation?: string, at = 0, capped = false): Result => ({
    states: seen.size,
    steps,
    depth,
    ms: Math.round(performance.now() - startedAt),
    capped,
    violation,
    schedule: violation === undefined ? [] : scheduleTo(at, parents, labels),
    collisionChance: seen.size ** 2 / 2 ** 54,
  });

  const first = model.init();
  add(first, -1, "");
  let frontier: { readonly state: S; readonly at: number }[] = [{ state: first, at: 0 }];
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { state, at } of frontier) {
      for (const { label, run } of model.steps(state)) {
        const after = model.clone(state);
        run(after);
        steps++;
        const added = add(after, at, label);
        if (added === undefined) continue;
        const violation = model.violation(after);
        if (violation !== undefined) return result(violation, added);
        next.push({ state: after, at: added });
      }
      if (seen.size > maxStates) return result(undefined, 0, true);
    }
    frontier = next;
    if (next.length > 0) depth++;
  }
  return result();
}

function scheduleTo(at: number, parents: readonly number[], labels: readonly string[]): readonly string[] {
  const schedule: string[] = [];
  for (let i = at; i > 0; i = parents[i] ?? 0) schedule.push(labels[i] ?? "");
  return schedule.reverse();
}

/** cyrb53: two 32-bit lanes, mixed, of which 53 bits fit a number exactly. */
function fingerprint(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

/** A result in one line, and its schedule under it if it found one. */
export function describeResult(name: string, result: Result): string {
  const { states, depth, ms, violation, capped, schedule } = result;
  const found = violation ?? (capped ? "no violation found; NOT explored to the end" : "holds");
  const rate = ms > 0 ? ` (${Math.round(states / ms)}k/s)` : "";
  const line = `${name.padEnd(62)} ${found}; ${states} states, depth ${depth}, ${ms} ms${rate}`;
  return [line, ...schedule.map((label, i) => `    ${String(i + 1).padStart(2)}. ${label}`)].join("\n");
}
