/** One process of the full proof: proves what it is told to, one thing after the other. */
import { PROOFS } from "./proofs.ts";

process.on("message", async (name) => {
  const proof = PROOFS.find((of) => of.name === name);
  if (proof === undefined) throw new Error(`no proof ${name}`);
  process.send?.(await proof.run());
});
