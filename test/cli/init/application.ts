import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");

const STRICT = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  target: "ES2023",
  module: "NodeNext",
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
  allowImportingTsExtensions: true, // for nearkey's own source, which stands in for its build
};

/** A folder as a user of nearkey has it: a package with nearkey installed, and a strict compiler. */
export class Application {
  readonly folder = mkdtempSync(join(tmpdir(), "nearkey-application-"));

  constructor() {
    this.write("package.json", JSON.stringify({ name: "application", type: "module" }));
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: STRICT, include: ["**/*.ts"] }));
    const installed = { name: "nearkey", type: "module", exports: { ".": "./src/index.ts" } };
    this.write("node_modules/nearkey/package.json", JSON.stringify(installed));
    symlinkSync(join(ROOT, "src"), join(this.folder, "node_modules/nearkey/src"));
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** What the compiler says: nothing, if all is well. */
  typeErrors(): Promise<string> {
    return this.#run("typescript/bin/tsc", "-p", ".");
  }

  /** What this repository's formatter says of these files. */
  formatted(files: readonly string[]): Promise<string> {
    const options = ["check", "--config-path", ROOT, "--linter-enabled=false"];
    return this.#run("@biomejs/biome/bin/biome", ...options, ...files);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(tool: string, ...args: readonly string[]): Promise<string> {
    const command = [join(ROOT, "node_modules", tool), ...args];
    return new Promise((done) =>
      execFile(process.execPath, command, { cwd: this.folder }, (_, stdout, stderr) => done(stdout + stderr)),
    );
  }
}
