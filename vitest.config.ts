import { defineConfig } from "vitest/config";

/** Suites that need a real Cassandra and a real nats-server; the rest runs anywhere. */
const REAL = ["test/adoption/**/*.test.ts", "test/integration/**/*.test.ts", "test/chaos/**/*.real.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: REAL, testTimeout: 20_000 },
      },
      {
        test: {
          name: "real",
          include: REAL,
          globalSetup: ["test/support/real-global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
