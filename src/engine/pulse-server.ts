import type { Clock, Timer } from "../ports/clock.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { InvalidationLog, Pulse, Subscription } from "../ports/invalidation-log.ts";
import { LogUnavailableError } from "../ports/log-errors.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { encodeMessage } from "../protocol/message.ts";
import type { Position } from "../protocol/position.ts";
import { type Answered, addRequest, createResponder, nextTick, tickAcked, tickFailed } from "../protocol/responder.ts";
import { hasLost, type Witness } from "../protocol/witness.ts";

/** Answers pulses for whoever asks: every process, frontend or backend, runs one. */
export interface PulseServer {
  start(): void;
  /** The witness has seen that the log lost messages: sends the flush now, asked or not, for others answer pulses meanwhile. */
  lost(): void;
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
/** The pause while ticks fail, doubled each time up to this. */
const LONGEST_PAUSE_MS = 1_000;
/** A tick whose ack was lost must not hold up the next until everyone's proof has run out. */
const TICK_DEADLINE_MS = 2_000;

export function createPulseServer({ log, clock, entropy, telemetry, witness }: PulseServerOptions): PulseServer {
  const responder = createResponder();
  const asked = new Map<number, { resolve(pulse: Pulse): void; reject(error: Error): void }>();
  let subscription: Subscription | undefined;
  let timer: Timer | undefined;
  let closed = false;
  let lastTickMs = Number.NEGATIVE_INFINITY;
  let pauseMs = TICK_EVERY_MS;
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
    if (closed || timer !== undefined) return;
    const waitMs = Math.max(0, lastTickMs + pauseMs - clock.now().monotonicMs);
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
    const at = await log.append("tick", body, { deadlineMs: TICK_DEADLINE_MS }).catch(() => undefined);
    settle(at === undefined ? failed() : acked(at));
    if (responder.waiting.length > 0 || hasLost(witness)) tickWhenDue();
  };

  const acked = (at: Position): Answered => {
    ticks++;
    pauseMs = TICK_EVERY_MS;
    const answered = tickAcked(responder, witness, at);
    if (answered.pulse === undefined) telemetry.event("responder-rollback", { epoch: at.epoch, sequence: at.sequence });
    return answered;
  };

  const failed = (): Answered => {
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    return tickFailed(responder);
  };

  const respond = (): Promise<Pulse> =>
    new Promise((resolve, reject) => {
      const request = requests++;
      if (closed || !addRequest(responder, request)) {
        const why = closed ? "the pulse responder is closed" : "too many pulses wait for an answer";
        reject(new LogUnavailableError(why, "Ask another process"));
        return;
      }
      asked.set(request, { resolve, reject });
      tickWhenDue();
    });

  return {
    start: () => {
      if (!closed) subscription ??= log.servePulse(respond);
    },
    lost: tickWhenDue,
    close: () => {
      closed = true;
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
