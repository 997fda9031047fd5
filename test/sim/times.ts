/**
 * Times of the simulated deployment, in virtual milliseconds: the defaults made shorter by about fifteen, so that a schedule of ten seconds
 * holds several fences. What the engine has as constants of its own (a tick's two seconds, a view's thirty) is as it is.
 */
export const TIMES = {
  fenceMs: 2_000,
  settleMs: 500,
  boundMs: 1_000,
  logDeadlineMs: 900,
  databaseDeadlineMs: 900,
  readDeadlineMs: 900,
  probeEveryMs: 250,
  auditEveryMs: 300,
  /** How often a window is looked at whose time has passed but for a wall clock that was set back. */
  lookAgainMs: 1_000,
  orphanTtlMs: 700,
  hintWindowMs: 3_000,
  /** How long the client of the log waits before it sends a message with an id once more. */
  attemptMs: 300,
  /** How long a link may be dead before its two ends notice. */
  pingTimeoutMs: 900,
  /** The most by which the clocks of a frontend and of the log may differ when the frontend starts (A4). */
  clockSkewMs: 60_000,
  /** How long things go wrong. */
  busyMs: 4_000,
} as const;

/** What a key's own options say about age. */
export const TTL = { defaultMs: 60_000, quickMs: 600, viewMs: 60_000, labelMs: 700 } as const;

/** When the log and every clock begin, on the wall: long before the first schedule, there may be records. */
export const EPOCH_MS = 1_700_000_000_000;
