/**
 * The simulator: `npm run sim` for a minute, `npm run sim -- --minutes N` for longer, on every core. `SEED=n npm run sim` plays one schedule
 * and prints what happens in it. A schedule that fails is shrunk and printed; ends with 1 then, and if a fault or a path never was.
 */
import { fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { seeded } from "./chance.ts";
import { loadEngine } from "./engine.ts";
import { shrinkSeed } from "./play.ts";
import { reportOf } from "./report.ts";
import { simulate } from "./simulate.ts";
import { never } from "./tally.ts";
import { addTotals, createTotals, type Failure, type Totals } from "./totals.ts";

/** So that a minute in which something fails does not become ten. */
const SHRINK_TRIES = 2_000;
/** Most of what a schedule makes is garbage before it ends. */
const V8_OPTIONS = ["--max-semi-space-size=64"];

async function playOne(seed: number): Promise<void> {
  const { trace, violation } = await simulate(await loadEngine(), seeded(seed), { isTraced: true });
  console.log(trace.join("\n"));
  if (violation !== undefined) await explain({ seed, violation });
}

async function explain({ seed, violation }: Failure): Promise<void> {
  const shrunk = await shrinkSeed(await loadEngine(), seed, SHRINK_TRIES);
  if (shrunk === undefined)
    console.log(`\nseed ${seed} failed, and did not fail again: it is not its seed alone that made it fail`);
  else {
    const { choices, before, outcome } = shrunk;
    console.log(`\nseed ${seed} fails; its schedule, shrunk from ${before} choices to ${choices}:`);
    console.log(outcome.trace.join("\n"));
  }
  console.log(`\n${violation}\nSEED=${seed} npm run sim`);
  process.exitCode = 1;
}

async function playMany(minutes: number): Promise<void> {
  const startedAtMs = Date.now();
  const cores = availableParallelism();
  const firstSeed = randomInt(2 ** 31);
  console.log(`seeds from ${firstSeed} on, for ${minutes} min, on ${cores} cores`);
  const untilMs = startedAtMs + minutes * 60_000;
  const players = Array.from({ length: cores }, (_, i) => play(firstSeed + i, cores, untilMs));
  const totals = createTotals();
  for (const part of await Promise.all(players)) addTotals(totals, part);
  console.log(reportOf(totals, (Date.now() - startedAtMs) / 1_000));
  const missing = never(totals.tally);
  if (missing.length > 0) {
    console.log(`\nnever happened: ${missing.join(", ")}`);
    process.exitCode = 1;
  }
  const [failure] = totals.failures;
  if (failure !== undefined) await explain(failure);
}

async function play(firstSeed: number, step: number, untilMs: number): Promise<Totals> {
  const player = fork(new URL("./player.ts", import.meta.url), [firstSeed, step, untilMs].map(String), {
    execArgv: [...process.execArgv, ...V8_OPTIONS],
  });
  const died = once(player, "exit").then(() => {
    throw new Error("a player died before it told what came of its seeds");
  });
  const [totals] = await Promise.race([once(player, "message"), died]);
  return totals;
}

const { values } = parseArgs({ options: { minutes: { type: "string", default: "1" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes} is not a number above zero`);
const { SEED } = process.env;
if (SEED === undefined) await playMany(minutes);
else if (/^\d+$/.test(SEED)) await playOne(Number(SEED));
else throw new Error(`SEED=${SEED} is not a whole number`);
