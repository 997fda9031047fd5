import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The package as npm would publish it, installed into a folder that has nothing else. */
export class InstalledPackage {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async install(): Promise<InstalledPackage> {
    const installed = new InstalledPackage(mkdtempSync(join(tmpdir(), "nearkey-package-")));
    const packed = await run(ROOT, "npm", ["pack", "--silent", "--pack-destination", installed.folder]);
    const tarball = packed.stdout.trim().split("\n").at(-1) ?? "";
    installed.write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];
    const { code, stderr } = await run(installed.folder, "npm", ["install", `./${tarball}`, ...quiet]);
    if (code !== 0) throw new Error(`npm install ${tarball} failed: ${stderr}${packed.stderr}`);
    return installed;
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  node(...args: string[]): Promise<Ran> {
    return run(this.folder, process.execPath, args);
  }

  npx(...args: string[]): Promise<Ran> {
    return run(this.folder, "npx", ["--no-install", ...args]);
  }

  /** Type-checks everything in the folder with this repository's compiler; what it has to say. */
  async typeErrors(): Promise<string> {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "ES2023",
      module: "NodeNext",
      types: ["node"],
      allowImportingTsExtensions: true,
    };
    this.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const { stdout, stderr } = await this.node(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".");
    return stdout + stderr;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(cwd: string, command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    // Node may warn that `require` of an ES module is new; that is no error of ours.
    const env = { ...process.env, NODE_NO_WARNINGS: "1" };
    const child = execFile(command, args, { cwd, env, maxBuffer: 64 * 1024 ** 2 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
