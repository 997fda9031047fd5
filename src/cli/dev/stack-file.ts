import { readFile } from "node:fs/promises";
import { z } from "zod";
import { NearkeyError } from "../../index.ts";

/** `--real` without a stack that runs. */
export class NoStackError extends NearkeyError {
  readonly code = "E_NO_STACK";
}

/** How to reach a real stack, as `npm run stack` writes it down while it runs. */
const stackFile = z.object({
  cassandra: z.object({ contactPoints: z.array(z.string()).min(1), localDataCenter: z.string() }),
  nats: z.object({ servers: z.array(z.string()).min(1) }),
});

export type StackAddresses = z.infer<typeof stackFile>;

/** Reads where the stack is. Throws `NoStackError`. */
export async function readStackFile(path: string): Promise<StackAddresses> {
  try {
    return stackFile.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new NoStackError(
      `no stack is written down in ${path}`,
      "Start one with npm run stack in another terminal, and wait for ready",
      { cause },
    );
  }
}
