import type { Witness } from "../../src/protocol/witness.ts";
import type { WriteEvent, WriteRules, WriteState } from "../../src/protocol/write.ts";
import { anyKey, delay, happens, publish, putVersion, type Sim, TIMES } from "./sim-world.ts";

const RULES: WriteRules = {
  fenceMs: TIMES.fenceMs,
  databaseDeadlineMs: TIMES.databaseDeadlineMs,
  onLogDown: "fail",
};

interface Writer {
  readonly name: string;
  readonly key: string;
  readonly version: number;
  state: WriteState;
  isDead: boolean;
}

/** One write from beginning to end, as the engine runs it: `stepWrite` decides, and what goes wrong is chance. */
export function startWrite(sim: Sim, witness: Witness, n: number): void {
  const key = anyKey(sim);
  const version = 10 * n + sim.chance.int(25); // clocks are skewed: a later write may bear an earlier time
  const now = instant(sim);
  const writer: Writer = { name: `w${n}`, key, version, state: sim.core.write.beginWrite(now), isDead: false };
  if (happens(sim, 6)) sim.agenda.after(sim.chance.int(250), () => crash(sim, writer));
  sim.say(`${writer.name} begins: ${key} = ${version}`);
  announce(sim, witness, writer, "fence", (at) =>
    step(sim, witness, writer, at ? { type: "fence-acked" } : { type: "fence-failed", maybeStored: true }),
  );
}

const instant = ({ agenda }: Sim) => ({ monotonicMs: agenda.nowMs, wallMs: agenda.nowMs });

function crash(sim: Sim, writer: Writer): void {
  if (writer.state.phase === "answered") return;
  sim.say(`${writer.name} CRASHES while ${writer.state.phase}`);
  writer.isDead = true;
}

function announce(
  sim: Sim,
  witness: Witness,
  writer: Writer,
  kind: "fence" | "keys" | "touch",
  done: Parameters<typeof publish>[3],
): void {
  const { announce: words, message, witness: witnesses } = sim.core;
  const [part] = words.partsOf({ keys: [writer.key], partitions: [], tables: [], about: ["t"] });
  if (part === undefined) return;
  const said = words.announce(kind, part, { id: writer.name, spec: "spec", conditional: false });
  const before = witness.highest;
  publish(sim, message.encodeMessage(said), words.messageId(said), (at) => {
    if (writer.isDead) return;
    if (at !== undefined && kind === "fence") witnesses.checkStored(witness, before, at);
    sim.say(`${writer.name} ${kind} ${at === undefined ? "not acknowledged" : `@${at.epoch}.${at.sequence}`}`);
    done(at);
  });
}

function step(sim: Sim, witness: Witness, writer: Writer, event: WriteEvent): void {
  const stepped = sim.core.write.stepWrite(writer.state, event, instant(sim), RULES);
  writer.state = stepped.state;
  for (const effect of stepped.effects) {
    if (effect.type === "write-database") writeDatabase(sim, witness, writer);
    if (effect.type === "publish-keys") {
      announce(sim, witness, writer, "keys", (at) => {
        step(sim, witness, writer, at ? { type: "keys-acked", position: at } : { type: "keys-failed" });
      });
    }
    if (effect.type === "keep-publishing") keepPublishing(sim, witness, writer, effect.kind);
    if (effect.type === "answer" && effect.outcome.kind === "done") {
      const { key, version } = writer;
      sim.acknowledged.push({ key, version, at: effect.outcome.position, atMs: sim.agenda.nowMs });
      sim.say(`${writer.name} is reported successful`);
    }
  }
}

function keepPublishing(sim: Sim, witness: Witness, writer: Writer, kind: "keys" | "touch"): void {
  announce(sim, witness, writer, kind, (at) => {
    if (at === undefined) sim.agenda.after(20, () => keepPublishing(sim, witness, writer, kind));
  });
}

/** It lands on one replica and later on the other; or the writer is told nothing, and it lands late, or never. */
function writeDatabase(sim: Sim, witness: Witness, writer: Writer): void {
  const { agenda, database } = sim;
  const isUnknown = happens(sim, 8);
  const isLost = isUnknown && happens(sim, 3);
  const landsMs = delay(sim, TIMES.databaseDeadlineMs - 1);
  const lagMs = delay(sim, TIMES.settleMs - 1);
  const ackMs = Math.min(landsMs + delay(sim, 20), TIMES.databaseDeadlineMs);
  if (!isLost) {
    agenda.after(landsMs, () => {
      putVersion(database.leading, writer.key, writer.version);
      sim.say(`${writer.name} lands`);
    });
    agenda.after(landsMs + lagMs, () => putVersion(database.lagging, writer.key, writer.version));
  }
  agenda.after(isUnknown ? TIMES.databaseDeadlineMs / 2 : ackMs, () => {
    if (writer.isDead) return;
    step(sim, witness, writer, isUnknown ? { type: "write-unknown" } : { type: "written", applied: true });
  });
}
