import { LogConfigurationError } from "../../ports/log-errors.ts";
import { type Epoch, epoch } from "../../protocol/position.ts";

/**
 * The subjects of one namespace, and what each role must be allowed to do; a user without `permissions` may do all of it.
 *
 *     namespace "shop"                       | backend | frontend | check | why
 *     publish   inv.shop.announcement        |   yes   |    no    |   no  | announce writes
 *     publish   inv.shop.tick                |   yes   |   yes    |   no  | answer pulses
 *     publish   pulse.shop                   |   yes   |   yes    |   no  | ask for a pulse
 *     publish   roster.shop                  |    no   |    no    |  yes  | call the roll: `nearkey check`
 *     publish   $JS.API.STREAM.NAMES         |   yes   |   yes    |   no  | find the stream
 *     publish   $JS.API.STREAM.INFO.*        |   yes   |   yes    |   no  | check it, learn its extent
 *     publish   $JS.API.DIRECT.GET.*         |   yes   |   yes    |   no  | read it
 *     publish   $JS.API.STREAM.CREATE.*      |  create |    no    |   no  | make it, where `create` is true
 *     publish   $JS.API.STREAM.DELETE.*      |  create |    no    |   no  | take back the one just made, if another was made at the same moment
 *     subscribe r.inv.shop.>                 |   yes   |   yes    |   no  | hear records
 *     subscribe pulse.shop nearkey           |   yes   |   yes    |   no  | answer pulses (queue group `nearkey`)
 *     subscribe roster.shop                  |   yes   |   yes    |   no  | introduce itself to `nearkey check`; all else works without
 *     subscribe <inboxPrefix>.>              |   yes   |   yes    |  yes  | answers; one prefix per user keeps them apart
 *     allow_responses: true                  |   yes   |   yes    |   no  | answer pulses and roll calls
 *
 * Nobody may publish `r.inv.>`: only the server does, so that no client can forge a record. The stream's name ends in its epoch, and
 * NATS permissions cannot match a part of a name: give nearkey an account of its own, so that `*` names only its streams.
 */
export interface Subjects {
  readonly namespace: string;
  readonly announcement: string;
  readonly tick: string;
  /** What the stream takes in, and what it sends on. */
  readonly stored: string;
  readonly republished: string;
  readonly pulse: string;
  readonly roster: string;
}

/** Frontends and backends of a namespace answer pulses together. */
export const PULSE_GROUP = "nearkey";

const NAMESPACE = /^[A-Za-z0-9-]{1,32}$/;
const EPOCH = /^[A-Za-z0-9-]{1,64}$/;

export function subjectsOf(namespace: string): Subjects {
  if (!NAMESPACE.test(namespace)) {
    throw new LogConfigurationError(
      `The namespace ${JSON.stringify(namespace)} cannot be part of a subject`,
      "Use 1 to 32 letters, digits and hyphens",
    );
  }
  return {
    namespace,
    announcement: `inv.${namespace}.announcement`,
    tick: `inv.${namespace}.tick`,
    stored: `inv.${namespace}.>`,
    republished: `r.inv.${namespace}.>`,
    pulse: `pulse.${namespace}`,
    roster: `roster.${namespace}`,
  };
}

/** The name of a stream says which life of the log it is: every record carries it. */
export function streamName(namespace: string, of: Epoch): string {
  return `NEARKEY_${namespace}_${of}`;
}

/** The epoch in the name of a stream of this namespace, or undefined if it is not one. */
export function epochOf(namespace: string, stream: string): Epoch | undefined {
  const prefix = `NEARKEY_${namespace}_`;
  const rest = stream.slice(prefix.length);
  return stream.startsWith(prefix) && EPOCH.test(rest) ? epoch(rest) : undefined;
}
