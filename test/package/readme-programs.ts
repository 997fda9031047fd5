/** A program that the README shows. */
export interface ReadmeProgram {
  readonly file: string;
  readonly text: string;
  /** Marked `// run`: it needs no server. */
  readonly runs: boolean;
  /** What the README says that it prints: the comments behind `console.log`. */
  readonly prints: readonly string[];
}

const BLOCK = /^```ts\n([\s\S]*?)^```$/gm;
const FILE = /^\/\/ file: ([\w.-]+)\n/;
const PRINTS = /^console\.log\(.*\); \/\/ (.*)$/gm;

/** The blocks of TypeScript in a Markdown text that begin with `// file: name`. */
export function readmePrograms(markdown: string): readonly ReadmeProgram[] {
  return [...markdown.matchAll(BLOCK)].flatMap(([, text = ""]) => {
    const file = FILE.exec(text)?.[1];
    if (file === undefined) return [];
    const prints = [...text.matchAll(PRINTS)].map(([, comment = ""]) => comment);
    return [{ file, text, runs: /^\/\/ run$/m.test(text), prints }];
  });
}

/** Whether a line is what a comment promises: the comment is the line, or the line and words behind a colon. */
export function isPromised(line: string, comment: string): boolean {
  return comment === line || comment.startsWith(`${line}: `);
}
