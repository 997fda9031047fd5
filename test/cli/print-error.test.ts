import { expect, test } from "vitest";
import { errorText } from "../../src/cli/print-error.ts";
import { SpecError } from "../../src/index.ts";

const error = new SpecError("two keys are one", "Rename one of them");

test("an error of nearkey is its code and what to do, without a stack", () => {
  expect(errorText(error, false)).toBe("E_SPEC: two keys are one. Rename one of them");
});

test("an error of another copy of nearkey reads the same", () => {
  const foreign = Object.assign(new Error("two keys are one. Rename one of them"), {
    code: "E_SPEC",
    remedy: "Rename",
  });
  expect(errorText(foreign, false)).toBe("E_SPEC: two keys are one. Rename one of them");
});

test("the stack is there when asked for, and for what nobody foresaw", () => {
  expect(errorText(error, true)).toMatch(/^E_SPEC: .*\n.*\n? {4}at /s);
  expect(errorText(new TypeError("x is undefined"), false)).toMatch(/^unexpected: TypeError: x is undefined\n {4}at /);
});
