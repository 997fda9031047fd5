import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { tsImport } from "tsx/esm/api";
import { isKeySet, type KeySet } from "../spec/catalog.ts";
import { NearkeyError, SpecError } from "../spec/error.ts";

/** There is no file where the key module should be. */
export class KeyModuleNotFoundError extends NearkeyError {
  readonly code = "E_KEY_MODULE_NOT_FOUND";
}

/** The key module threw while it was loaded, or does not parse; `cause` is what it threw. */
export class KeyModuleLoadError extends NearkeyError {
  readonly code = "E_KEY_MODULE_LOAD";
}

/** The key module was loaded, but exports no key set, or several without saying which. */
export class KeyModuleExportError extends NearkeyError {
  readonly code = "E_KEY_MODULE_EXPORT";
}

/**
 * The keys that a TypeScript or JavaScript module exports: as `keys`, as default, or as the only key set among its exports. Throws
 * `KeyModuleNotFoundError`, `KeyModuleLoadError`, `KeyModuleExportError`, and `SpecError` where a declaration in it is refused.
 *
 * @example
 * const keys = await loadKeyModule("keyspec/index.ts");
 */
export async function loadKeyModule(path: string): Promise<KeySet> {
  const file = resolve(path);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    throw new KeyModuleNotFoundError(`no key module at ${file}`, "Give the path of the file that exports your keys");
  }
  return pickKeySet(path, await load(path, file));
}

async function load(path: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const url = pathToFileURL(file).href;
  try {
    const isTypeScript = /^\.[mc]?tsx?$/.test(extname(file));
    return exportsOf(await (isTypeScript ? tsImport(url, import.meta.url) : import(url)));
  } catch (error) {
    throw refusedDeclaration(error) ?? new KeyModuleLoadError(...failure(path, error));
  }
}

/** Where the nearest package.json does not say `"type": "module"`, TypeScript becomes CommonJS: its exports then stand inside a default. */
function exportsOf(module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const inner = module.default;
  return typeof inner === "object" && inner !== null && "__esModule" in inner ? { ...inner } : module;
}

function failure(path: string, error: unknown): [string, string, ErrorOptions] {
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [`${path} could not be loaded: ${words}`, "Run it by itself to see where it fails", { cause: error }];
}

/** The module may have its own copy of nearkey, whose `SpecError` is another class: known by its code. */
function refusedDeclaration(error: unknown): SpecError | undefined {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "E_SPEC" || !("remedy" in error))
    return undefined;
  const remedy = String(error.remedy);
  const message = error.message.slice(0, -`. ${remedy}`.length);
  return new SpecError(message, remedy, { cause: error });
}

function pickKeySet(path: string, exported: Readonly<Record<string, unknown>>): KeySet {
  for (const name of ["keys", "default"]) {
    const value = exported[name];
    if (isKeySet(value)) return value;
  }
  const sets = Object.entries(exported).filter((entry): entry is [string, KeySet] => isKeySet(entry[1]));
  const [only, ...others] = sets;
  if (only !== undefined && others.length === 0) return only[1];
  throw new KeyModuleExportError(
    only === undefined
      ? `${path} exports no key set: ${Object.keys(exported).join(", ") || "nothing"}`
      : `${path} exports ${sets.length} key sets: ${sets.map(([name]) => name).join(", ")}`,
    "Write: export const keys = defineKeys({ ... })",
  );
}
