/**
 * The full proof: `npm run prove`, or `npm run prove -- words of a name`. Ends with 1 if an invariant is broken, a search is cut short, or a
 * mutant lives, if anything that was planned was not proven, or if nothing was.
 */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { describeResult, type Result } from "./check.ts";
import { isProven, PROOFS } from "./proofs.ts";
import { notProven, type Proven, summaryOf } from "./prove-summary.ts";

/** Of one process. A search of ten million states takes some 5 GB, most of it for the states whose steps are yet to be taken. */
const MEMORY_MB = 7_500;
/** Nearly all that is allocated is dropped at once; with more room for it, it is gone before it is ever copied. */
const YOUNG_MB = 64;

const words = process.argv.slice(2).join(" ");
const planned = PROOFS.filter(({ name }) => name.includes(words));
if (planned.length === 0) throw new Error(`nothing to prove has "${words}" in its name`);
const queue = [...planned];
const done: Proven[] = [];
const startedAt = performance.now();

function startWorker(): ChildProcess {
  const execArgv = [...process.execArgv, `--max-old-space-size=${MEMORY_MB}`, `--max-semi-space-size=${YOUNG_MB}`];
  return fork(new URL("prove-worker.ts", import.meta.url), { execArgv });
}

/** One thing after the other, while there are any. */
function work(worker: ChildProcess): Promise<void> {
  let proof = queue.shift();
  worker.on("message", (result: Result) => {
    if (proof === undefined) return;
    done.push({ proof, result });
    console.log(`${isProven(proof, result) ? "      " : "FAILED"} ${describeResult(proof.name, result)}`);
    proof = queue.shift();
    if (proof === undefined) worker.disconnect();
    else worker.send(proof.name);
  });
  if (proof === undefined) worker.disconnect();
  else worker.send(proof.name);
  return new Promise((resolve, reject) => {
    worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a process of the proof ended: ${code}`))));
  });
}

const workers = Array.from({ length: availableParallelism() }, startWorker);
try {
  await Promise.all(workers.map(work));
  console.log(summaryOf(done, performance.now() - startedAt));
  const missing = notProven(planned, done);
  if (missing.length > 0) console.log(`NOT PROVEN: ${missing.join("; ")}`);
  process.exitCode = missing.length > 0 ? 1 : 0;
} finally {
  for (const worker of workers) worker.kill();
}
