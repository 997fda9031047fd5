import { at, F, NO_NAMES, row, type Schedule, stage } from "./stage.ts";

/** The writer's process stood still between its fence and its write. */
export const writerStoodStill: Schedule = (core) => {
  const rules = { fenceMs: F, databaseDeadlineMs: 10_000, onLogDown: "fail" } as const;
  const step = core.write.stepWrite(core.write.beginWrite(at(0)), { type: "fence-acked" }, at(F - 9_999), rules);
  const writes = step.effects.some(({ type }) => type === "write-database");
  return writes ? "I3: a write is sent that may land after its fence has ended everywhere" : undefined;
};

/** A write of 101 names crashes once the first part of its keys is stored. */
export const crashBetweenParts: Schedule = (core) => {
  const on = stage(core);
  const keys = Array.from({ length: 101 }, (_, i) => `r${i}`);
  const parts = core.announce.partsOf({ ...NO_NAMES, keys, about: ["t"] });
  const of = { id: "w1", spec: "spec", conditional: false };
  const body = (kind: "fence" | "keys", part: (typeof parts)[number]) =>
    core.message.encodeMessage(core.announce.announce(kind, part, of));
  for (const part of parts) on.hear(2 + part.part, body("fence", part));
  for (const part of parts.slice(0, 1)) on.hear(5, body("keys", part));
  const load = core.load.beginLoad(on.state, row(100), "strong", true, at(0));
  core.load.finishLoad(on.state, load);
  core.frontend.advance(on.state, at(F), on.effects);
  return core.coherence.isCurrent(on.state.coherence, load.copy) && !on.evicted.includes("r100")
    ? "I3: keys of one part close the fence of another"
    : undefined;
};
