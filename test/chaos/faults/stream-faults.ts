import { cp, rename, rm } from "node:fs/promises";
import { pick } from "../../sim/chance.ts";
import type { StreamState } from "../deployment/stream-admin.ts";
import { WHOLE } from "../links/link-state.ts";
import { logsFromNow, seen, shown } from "./evidence.ts";
import type { Fault, Ground } from "./fault.ts";
import { kill } from "./killed.ts";
import { stop } from "./stopped.ts";

// What happens to the stream behind the log.

/** Nobody may purge it, so its limit of messages is lowered for a moment; one frontend has not heard them all. */
const purged: Fault = {
  name: "stream-purged",
  breaks: ["nats", "frontend"],
  lasts: "within the bound",
  begin: async (ground) => {
    const frontend = pick(ground.chance, ground.processes.frontends);
    const logs = logsFromNow(ground);
    for (const link of frontend.links) link.set({ kind: "cut" });
    const before = await ground.stream.look();
    await untilLastIs(ground, (state) => state.last > before.last + 5);
    const after = await purge(ground);
    return {
      what: `the stream purged to its last message while ${frontend.name} is cut off`,
      end: async () => {
        for (const link of frontend.links) link.set(WHOLE);
      },
      evidence: async () => [
        shown(`first message ${after.first} after ${before.first}`, after.first > before.last),
        await logs.untilLogged("flushed", [frontend], ["gap-lost"]),
      ],
    };
  },
};

async function purge({ stream }: Ground): Promise<StreamState> {
  try {
    await stream.change({ max_msgs: 1 });
    return await stream.look();
  } finally {
    await stream.change({ max_msgs: -1 });
  }
}

const deleted: Fault = {
  name: "stream-deleted",
  breaks: ["nats"],
  lasts: "within the bound",
  begin: async (ground) => {
    const logs = logsFromNow(ground);
    const before = await ground.stream.look();
    await ground.stream.remove();
    return {
      what: "the stream deleted",
      end: async () => {},
      evidence: async () => [
        await seen("another stream", async () => {
          const after = await lookOrNothing(ground);
          return after === undefined || after.name === before.name ? undefined : `${after.name} after ${before.name}`;
        }),
        await logs.untilLogged("flushed", ground.processes.frontends, ["other-epoch"]),
      ],
    };
  },
};

/** By hand, under the same name: what the log says of its epoch is a lie. */
const recreated: Fault = {
  name: "stream-recreated",
  breaks: ["nats"],
  lasts: "within the bound",
  setsLogBack: true,
  begin: async (ground) => {
    const logs = logsFromNow(ground);
    const before = await ground.stream.look();
    await ground.stream.makeAnew();
    return {
      what: "the stream deleted, and made anew under its name",
      end: async () => {},
      evidence: async () => {
        const after = await ground.stream.look();
        return [
          shown(`created anew: ${after.created}`, after.name === before.name && after.created !== before.created),
          await logs.untilLogged("flushed", ground.processes.frontends, ["rollback", "lost-by-log"]),
        ];
      },
    };
  },
};

/** The servers' disks are those of some seconds ago: acknowledged messages are gone, and their sequences are given again. */
const rolledBack: Fault = {
  name: "stream-rolled-back",
  breaks: ["nats"],
  lasts: "within the bound",
  setsLogBack: true,
  begin: async (ground) => {
    const { nats } = ground.servers;
    const logs = logsFromNow(ground);
    await copyStores(nats);
    const copied = await ground.stream.look();
    const { last, name } = await untilLastIs(ground, (state) => state.last > copied.last + 20);
    const storedAt = await ground.stream.storedAt(last);
    const killed = await kill(nats);
    await putCopiesBack(nats);
    return {
      what: `the stream set back from ${last} to about ${copied.last}`,
      end: killed.end,
      evidence: async () => [
        ...(await killed.evidence()),
        await seen(`message ${last} gone`, async () => {
          const [after, now] = await Promise.all([ground.stream.look(), ground.stream.storedAt(last)]);
          return after.name === name && now !== storedAt ? `message ${last} of the same stream is another` : undefined;
        }),
        await logs.untilLogged("flushed", ground.processes.frontends, ["rollback", "lost-by-log"]),
      ],
    };
  },
};

const copyOf = (storeDir: string): string => `${storeDir}.copy`;

/** While the servers stand still. What an attempt that failed has left is removed first. */
async function copyStores(nats: Nodes): Promise<void> {
  const frozen = await stop(nats);
  try {
    await Promise.all(
      nats.map(async ({ storeDir }) => {
        await rm(copyOf(storeDir), { recursive: true, force: true });
        await cp(storeDir, copyOf(storeDir), { recursive: true });
      }),
    );
  } finally {
    await frozen.end();
  }
}

async function putCopiesBack(nats: Nodes): Promise<void> {
  for (const { storeDir } of nats) {
    await rm(storeDir, { recursive: true });
    await rename(copyOf(storeDir), storeDir);
  }
}

type Nodes = Ground["servers"]["nats"];

const lookOrNothing = ({ stream }: Ground): Promise<StreamState | undefined> => stream.look().catch(() => undefined);

async function untilLastIs(ground: Ground, reached: (state: StreamState) => boolean): Promise<StreamState> {
  let found: StreamState | undefined;
  await seen("the stream growing", async () => {
    found = await lookOrNothing(ground);
    return found !== undefined && reached(found) ? "it grew" : undefined;
  });
  if (found === undefined) throw new Error("it was seen a moment ago");
  return found;
}

export const streamFaults: readonly Fault[] = [purged, deleted, recreated, rolledBack];
