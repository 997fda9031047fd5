import type { Introduction } from "../../protocol/introduction.ts";
import type { RollCall } from "../../protocol/roll-call.ts";
import type { ExportedKeys } from "../../spec/export.ts";
import { exportSchema } from "../../spec/export-schema.ts";
import { groupBy } from "../../spec/group-by.ts";
import { type SpecDifference, specDifferences } from "../../spec/spec-differences.ts";

/** What the running services said, against the key spec here. */
export interface ServicesReport {
  readonly namespace: string;
  readonly answered: number;
  /** Those that have the key spec that is here. */
  readonly same: readonly Service[];
  readonly others: readonly OtherSpec[];
  readonly unreadable: RollCall["unreadable"];
  /** True where more answered than were heard. */
  readonly cut: boolean;
}

export type Service = Pick<Introduction, "role" | "host" | "pid">;

/** A key spec that is not the one here, and who has it. */
export interface OtherSpec {
  readonly services: readonly Service[];
  readonly fingerprint: string;
  /** True where writes name the same keys all the same: what differs is how they are read and served. */
  readonly sameNames: boolean;
  /** Null where the key spec was too large to be told. */
  readonly differences: readonly SpecDifference[] | null;
}

/** Compares what everybody said with the key spec here. */
export function servicesReport(
  namespace: string,
  here: ExportedKeys,
  { cut, present, unreadable }: RollCall,
): ServicesReport {
  const own = exportSchema.parse(JSON.parse(JSON.stringify(here))); // as it would come from elsewhere
  const groups = groupBy(present, ({ fingerprint, spec }) => JSON.stringify([fingerprint, spec]));
  const judged = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { fingerprint, spec } = first;
    const sameNames = fingerprint === here.fingerprint;
    const differences = spec === null ? null : specDifferences(own, spec);
    const services = group.map(({ host, pid, role }) => ({ role, host, pid })).sort(byText);
    return [{ services, fingerprint, sameNames, differences }];
  });
  const isSame = ({ differences, sameNames }: OtherSpec): boolean =>
    sameNames && (differences === null || differences.length === 0);
  return {
    namespace,
    answered: present.length,
    same: judged
      .filter(isSame)
      .flatMap(({ services }) => services)
      .sort(byText),
    others: judged
      .filter((group) => !isSame(group))
      .sort(({ services: [a] }, { services: [b] }) => (a && b ? byText(a, b) : 0)),
    unreadable,
    cut,
  };
}

/** `frontend web-1:4711` */
export const serviceText = ({ host, pid, role }: Service): string => `${role} ${host}:${pid}`;

const byText = (a: Service, b: Service): number => (serviceText(a) < serviceText(b) ? -1 : 1);
