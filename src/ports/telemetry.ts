/** One line per change of state: what an operator wants to find in a log. Never a key or a row. */
export interface Telemetry {
  event(name: TelemetryEvent, fields: Readonly<Record<string, string | number | boolean>>): void;
}

export type TelemetryEvent =
  | "log-connected"
  | "log-disconnected"
  | "log-misconfigured"
  | "started"
  | "gap"
  | "filled"
  | "flushed"
  | "unproven"
  | "proven"
  | "message-refused"
  | "write-not-announced"
  | "write-announced-late"
  | "fence-orphaned"
  | "store-error"
  | "responder-rollback"
  | "assumption-broken"
  | "assumptions-unchecked"
  | "audit-difference";
