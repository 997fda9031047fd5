import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CassandraHost } from "../deployment/servers.ts";

/** Files of hints that these nodes keep for others. */
export function hintFiles(hosts: readonly CassandraHost[]): readonly string[] {
  return hosts.flatMap(({ node }) => {
    const folder = join(node.dir, "data/hints");
    const names = readdirSync(folder).filter((name) => name.endsWith(".hints"));
    return names.map((name) => join(folder, name)).filter(hasContent);
  });
}

/** A file may have been delivered and deleted since it was listed. */
function hasContent(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
