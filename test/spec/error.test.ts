import { describe, expect, it, vi } from "vitest";
import { KeyTooLongError, NearkeyError, ValueError } from "../../src/index.ts";

describe("an error says what it is", () => {
  it("also where it was thrown by another copy of nearkey, as a key module may bring one", async () => {
    vi.resetModules();
    const other = await import("../../src/spec/error.ts");
    expect(other.ValueError).not.toBe(ValueError);
    const thrown = new other.ValueError("int", "x", "a number");
    expect(thrown).toBeInstanceOf(NearkeyError);
    expect(thrown).toBeInstanceOf(other.ValueError);
    expect(thrown instanceof ValueError).toBe(false);
  });

  it("and what it is not", () => {
    const error = new KeyTooLongError("users_{id}", 2_000);
    expect(error).toBeInstanceOf(NearkeyError);
    expect(error instanceof ValueError).toBe(false);
    expect(Object.assign(new Error("x"), { code: "E_VALUE", remedy: "y" }) instanceof NearkeyError).toBe(false);
  });
});
