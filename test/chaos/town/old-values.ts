import { type Client, types } from "cassandra-driver";
import { promised } from "../judge/allowed.ts";
import type { History } from "../judge/history.ts";
import { takeCensus } from "./settlers.ts";
import type { Town } from "./town.ts";

/** Older than what may be on its way to a replica that is well. */
const OLD_MS = 1_000;

/** How many registers hold, as one replica says, what was overwritten a while ago. */
export async function countOldValues(
  client: Client,
  keyspace: string,
  town: Town,
  { history, now }: { readonly history: History; readonly now: () => number },
): Promise<number> {
  const sentAtMs = now();
  const { values } = await takeCensus(client, keyspace, town, types.consistencies.one);
  const asked = { sentAtMs, answeredAtMs: now(), labelMs: 0, ageMs: OLD_MS, reflects: [] };
  const allowed = promised(history, asked, { boundMs: OLD_MS, countersHold: false });
  return [...values].filter(([register, value]) => !allowed.values(register).has(value)).length;
}
