import type { Clock, Timer } from "../ports/clock.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { InvalidationLog, Pulse, Subscription } from "../ports/invalidation-log.ts";
import { LogUnavailableError } from "../ports/log-errors.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { encodeMessage } from "../protocol/message.ts";
import { type Answered, addRequest, createResponder, nextTick, tickAcked, tickFailed } from "../protocol/responder.ts";
import { hasLost, type Witness } from "../protocol/witness.ts";

/** Answers pulses for whoever asks: every process, frontend or backend, runs one. */
export interface PulseServer {
  start(): void;
  close(): void;
  readonly ticks: number;
}

export interface PulseServerOptions {
  readonly log: InvalidationLog;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly telemetry: Telemetry;
  /** What this process knows the log acknowledged; shared with its writer. */
  readonly witness: Witness;
}

/** Ticks are at least so far apart: requests that come in between share the next. */
const TICK_EVERY_MS = 50;
const TICK_DEADLINE_MS = 10_000;

export function createPulseServer({ log, clock, entropy, telemetry, witness }: PulseServerOptions): PulseServer {
  const responder = createResponder();
  const asked = new Map<number, { resolve(pulse: Pulse): void; reject(error: Error): void }>();
  let subscription: Subscription | undefined;
  let timer: Timer | undefined;
  let lastTickMs = Number.NEGATIVE_INFINITY;
  let requests = 0;
  let ticks = 0;

  const settle = ({ requests: of, pulse }: Answered): void => {
    for (const request of of) {
      const { resolve, reject } = asked.get(request) ?? {};
      asked.delete(request);
      if (pulse !== undefined) resolve?.(pulse);
      else reject?.(new LogUnavailableError("the tick was not acknowledged", "Ask again"));
    }
  };

  const tickWhenDue = (): void => {
    if (timer !== undefined) return;
    const waitMs = Math.max(0, lastTickMs + TICK_EVERY_MS - clock.now().monotonicMs);
    timer = clock.after(waitMs, () => {
      timer = undefined;
      void sendTick();
    });
  };

  const sendTick = async (): Promise<void> => {
    const next = nextTick(responder, witness, entropy.id());
    if (next === undefined) return;
    lastTickMs = clock.now().monotonicMs;
    const body = encodeMessage({ kind: "tick", v: 1, tick: next.tick, ...(next.flush && { flush: true }) });
    try {
      const at = await log.append("tick", body, { deadlineMs: TICK_DEADLINE_MS });
      ticks++;
      const answered = tickAcked(responder, witness, at);
      if (answered.pulse === undefined)
        telemetry.event("responder-rollback", { epoch: at.epoch, sequence: at.sequence });
      settle(answered);
    } catch {
      settle(tickFailed(responder));
    }
    if (responder.waiting.length > 0 || hasLost(witness)) tickWhenDue();
  };

  const respond = (): Promise<Pulse> =>
    new Promise((resolve, reject) => {
      const request = requests++;
      if (!addRequest(responder, request)) {
        reject(new LogUnavailableError("too many pulses wait for an answer", "Ask another process"));
        return;
      }
      asked.set(request, { resolve, reject });
      tickWhenDue();
    });

  return {
    start: () => {
      subscription = log.servePulse(respond);
    },
    close: () => {
      subscription?.close();
      timer?.cancel();
      for (const { reject } of asked.values())
        reject(new LogUnavailableError("the pulse responder is closing", "Ask another process"));
      asked.clear();
    },
    get ticks() {
      return ticks;
    },
  };
}
