import { pick } from "../../sim/chance.ts";
import { someDeed } from "../town/deeds.ts";
import type { Circle } from "../town/town.ts";
import type { Common, Served } from "./clients.ts";
import { type WriteAnswer, write } from "./exchange.ts";
import type { Reader } from "./reader.ts";

/** Writes one circle, one write after the other, and at times reads back what it has written, without waiting for the answer. */
export interface Writer {
  writeSomething(): Promise<void>;
  /** Resolves when all that was read back is answered. */
  hasRead(): Promise<unknown>;
}

export interface WriterOptions {
  readonly name: string;
  readonly circle: Circle;
  readonly reader: Pick<Reader, "readOwnWrite">;
  /** Gives every write of the run a number of its own. */
  readonly nextNumber: () => number;
}

/** A frontend that stands still answers late. */
const MAX_READING = 20;

export function createWriter(common: Common, { name, circle, reader, nextNumber }: WriterOptions): Writer {
  const { backends, chance, findings, history, positions, tally, underWay } = common;
  const reading = new Set<Promise<void>>();

  const send = async (backend: Served, request: Parameters<typeof write>[0]): Promise<WriteAnswer> => {
    underWay.set(backend, (underWay.get(backend) ?? 0) + 1);
    try {
      return await write(request);
    } finally {
      underWay.set(backend, (underWay.get(backend) ?? 1) - 1);
    }
  };

  return {
    writeSomething: async () => {
      const { method, path, headers = {}, body, changes, people } = someDeed({ circle, n: nextNumber(), chance });
      const backend = pick(chance, backends);
      const floor = positions.floor(name);
      const open = history.begin(changes);
      const answer = await send(backend, { url: `${backend.url}${path}`, method, headers, body });
      const position = positions.isTrusted(floor) ? answer.position : undefined;
      open.end(answer.outcome, position);
      tally.now().writes[answer.outcome]++;
      if (/^(4(?!12)|500)/.test(answer.words)) findings.add("unexpected status", `${method} ${path}: ${answer.words}`);
      if (answer.outcome !== "acked" || !positions.isTrusted(floor)) return;
      if (position === undefined) {
        findings.add("malformed", `${name}: no Nearkey-Position: ${method} ${path}: ${answer.words}`);
        return;
      }
      const back = positions.judge(name, floor, position);
      if (back !== undefined) findings.add("position went back", `${name}: ${back}`);
      if (chance.int(2) !== 0 || reading.size >= MAX_READING) return;
      const read: Promise<void> = reader
        .readOwnWrite(pick(chance, people), position)
        .finally(() => reading.delete(read));
      reading.add(read);
    },
    hasRead: () => Promise.all(reading),
  };
}
