import type * as announce from "../../src/protocol/announce.ts";
import type * as askedPosition from "../../src/protocol/asked-position.ts";
import type * as audit from "../../src/protocol/audit.ts";
import type * as coherence from "../../src/protocol/coherence.ts";
import type * as follow from "../../src/protocol/follow.ts";
import type * as frontend from "../../src/protocol/frontend.ts";
import type * as load from "../../src/protocol/load.ts";
import type * as message from "../../src/protocol/message.ts";
import type * as position from "../../src/protocol/position.ts";
import type * as proof from "../../src/protocol/proof.ts";
import type * as responder from "../../src/protocol/responder.ts";
import type * as settings from "../../src/protocol/settings.ts";
import type * as windows from "../../src/protocol/windows.ts";
import type * as witness from "../../src/protocol/witness.ts";
import type * as write from "../../src/protocol/write.ts";

/** The modules of `src/protocol`, as they are shipped or as a mutant has them: the models drive whichever they are given. */
export interface Core {
  readonly announce: typeof announce;
  readonly "asked-position": typeof askedPosition;
  readonly audit: typeof audit;
  readonly coherence: typeof coherence;
  readonly follow: typeof follow;
  readonly frontend: typeof frontend;
  readonly load: typeof load;
  readonly message: typeof message;
  readonly position: typeof position;
  readonly proof: typeof proof;
  readonly responder: typeof responder;
  readonly settings: typeof settings;
  readonly windows: typeof windows;
  readonly witness: typeof witness;
  readonly write: typeof write;
}

export const SHIPPED = new URL("../../src/protocol/", import.meta.url);

/** Loads the protocol from a folder that has the files of `src/protocol`. */
export async function loadCore(folder: URL = SHIPPED): Promise<Core> {
  const of = (name: keyof Core) => import(new URL(`${name}.ts`, folder).href);
  return {
    announce: await of("announce"),
    "asked-position": await of("asked-position"),
    audit: await of("audit"),
    coherence: await of("coherence"),
    follow: await of("follow"),
    frontend: await of("frontend"),
    load: await of("load"),
    message: await of("message"),
    position: await of("position"),
    proof: await of("proof"),
    responder: await of("responder"),
    settings: await of("settings"),
    windows: await of("windows"),
    witness: await of("witness"),
    write: await of("write"),
  };
}
