import { describe, expect, it } from "vitest";
import {
  addDependency,
  adoptDependencies,
  type Coherence,
  isCurrent,
  releaseCopy,
  touch,
  touchAll,
} from "../../src/protocol/coherence.ts";
import type { Copy } from "../../src/protocol/copy.ts";
import { beginLoad, finishLoad, type Load } from "../../src/protocol/load.ts";
import type { Names } from "../../src/protocol/names.ts";
import { at, frontend, user, view } from "./support.ts";

const NO_NAMES: Names = { keys: [], partitions: [], tables: [] };
const MANY = 1_000;

function views(options: Parameters<typeof frontend>[0] = {}) {
  const { state } = frontend(options);
  const { coherence } = state;
  const evicted: string[] = [];
  const load = (subject: Parameters<typeof beginLoad>[1]): Load => beginLoad(state, subject, "strong", true, at(0));
  return {
    state,
    coherence,
    evicted,
    load,
    touch: (names: Partial<Names>) => touch(coherence, { ...NO_NAMES, ...names }, (key) => evicted.push(key)),
  };
}

/** A view that has read `user(7)` and landed. */
function landedView(coherence: Coherence, state: Parameters<typeof finishLoad>[0], load: Load): Copy {
  addDependency(coherence, load.copy, user(7), MANY);
  expect(finishLoad(state, load)).toBe(true);
  return load.copy;
}

describe("I1: a view goes when what it read goes", () => {
  it.each([
    ["the key it read", { keys: ["users_7"] }],
    ["the partition of the key it read", { partitions: ["users/7"] }],
    ["the table of the key it read", { tables: ["users"] }],
  ])("it is not servable after a touch of %s", (_what, names) => {
    const { coherence, state, load, touch: touchNames } = views();
    const copy = landedView(coherence, state, load(view("names_42")));
    expect(isCurrent(coherence, copy)).toBe(true);
    touchNames(names);
    expect(isCurrent(coherence, copy)).toBe(false);
  });

  it("its entry is dropped by name when a key it read is touched", () => {
    const { coherence, state, load, evicted, touch: touchNames } = views();
    landedView(coherence, state, load(view("names_42")));
    touchNames({ keys: ["users_7"] });
    expect(evicted).toContain("names_42");
  });

  it("it is not stored when a key it read is touched while it loads", () => {
    const { coherence, state, load, touch: touchNames } = views();
    const loading = load(view("names_42"));
    addDependency(coherence, loading.copy, user(7), MANY);
    touchNames({ keys: ["users_7"] });
    expect(finishLoad(state, loading)).toBe(false);
  });
});

describe("I1: a view of a view goes when what either read goes", () => {
  const nested = () => {
    const all = views();
    const { coherence, state, load } = all;
    const outer = load(view("page_42"));
    addDependency(coherence, outer.copy, view("names_42"), MANY);
    const inner = load(view("names_42"));
    return { ...all, outer, inner, coherence, state };
  };

  it.each([
    ["key", { keys: ["users_7"] }],
    ["partition", { partitions: ["users/7"] }],
    ["table", { tables: ["users"] }],
  ])("the outer view is not servable after a touch of a %s that only the inner one read", (_what, names) => {
    const { coherence, state, outer, inner, touch: touchNames } = nested();
    landedView(coherence, state, inner);
    adoptDependencies(coherence, outer.copy, inner.copy, MANY);
    expect(finishLoad(state, outer)).toBe(true);
    touchNames(names);
    expect(isCurrent(coherence, outer.copy)).toBe(false);
  });

  it.each([
    ["touched", (c: Coherence) => touch(c, { ...NO_NAMES, keys: ["users_7"] }, () => {})],
    ["touched by its table", (c: Coherence) => touch(c, { ...NO_NAMES, tables: ["users"] }, () => {})],
    ["flushed", (c: Coherence) => touchAll(c)],
  ])("the outer view does not outlive an inner one that was %s before it was adopted", (_how, happens) => {
    const { coherence, state, outer, inner } = nested();
    landedView(coherence, state, inner);
    happens(coherence);
    adoptDependencies(coherence, outer.copy, inner.copy, MANY);
    expect(finishLoad(state, outer)).toBe(false);
  });

  it("the outer view is not stored if the inner one was let go, for nobody watches over it any more", () => {
    const { coherence, state, outer, inner } = nested();
    landedView(coherence, state, inner);
    releaseCopy(coherence, inner.copy);
    adoptDependencies(coherence, outer.copy, inner.copy, MANY);
    expect(finishLoad(state, outer)).toBe(false);
  });
});

describe("dependencies are bounded", () => {
  it("a view that would pass the bound is answered but not stored", () => {
    const { coherence, state, load } = views();
    const loading = load(view("names_42"));
    expect(addDependency(coherence, loading.copy, user(7), 1)).toBe(false);
    expect(finishLoad(state, loading)).toBe(false);
    expect(coherence.dependencies).toBe(0);
  });

  it("what a view held is free again when it goes", () => {
    const { coherence, state, load, touch: touchNames } = views();
    landedView(coherence, state, load(view("names_42")));
    expect(coherence.dependencies).toBe(2);
    touchNames({ keys: ["users_7"] });
    expect(coherence.dependencies).toBe(0);
    expect(coherence.dependents.size).toBe(0);
  });

  it("a flush frees what all views held, so that entries nobody asks for again do not keep new views out", () => {
    const { coherence, state, load } = views();
    landedView(coherence, state, load(view("names_42")));
    touchAll(coherence);
    expect(coherence.dependencies).toBe(0);
    expect(coherence.dependents.size).toBe(0);
  });

  it("a view from before a flush, let go after it, does not free what a new view holds", () => {
    const { coherence, state, load } = views();
    const old = landedView(coherence, state, load(view("names_42")));
    touchAll(coherence);
    landedView(coherence, state, load(view("names_42")));
    releaseCopy(coherence, old);
    expect(coherence.dependencies).toBe(2);
  });
});

describe("a table nobody declared", () => {
  it("still makes stale what was read from it", () => {
    const { coherence, state, load, touch: touchNames } = views({ tables: [] });
    const row = load(user(7));
    const copy = landedView(coherence, state, load(view("names_42")));
    touchNames({ tables: ["users"] });
    expect(finishLoad(state, row)).toBe(false);
    expect(isCurrent(coherence, copy)).toBe(false);
  });
});
