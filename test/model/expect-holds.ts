import { expect } from "vitest";
import { check, describeResult, type Model, type Result, type Step } from "./check.ts";

/** Explores every schedule there is; a broken invariant is shown with the shortest schedule that breaks it. */
export function expectHolds<S, T extends Step>(name: string, model: Model<S, T>): Result {
  const result = check(model, { maxStates: 200_000 });
  const described = describeResult(name, result);
  console.info(described);
  expect(result.violation, described).toBeUndefined();
  expect(result.capped, described).toBe(false);
  expect(result.collisionChance).toBeLessThan(1e-6);
  return result;
}
