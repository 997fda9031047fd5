import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Where downloads, data and `run.json` are kept: `.stack/` of the project, or NEARKEY_STACK_DIR. */
export function stackHome(): string {
  return resolve(process.env.NEARKEY_STACK_DIR || join(projectRoot, ".stack"));
}

export const natsConfigFile = join(projectRoot, "docker/nats/nats-server.conf");
