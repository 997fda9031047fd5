/** Whether this process is about to end. Shared by `healthRouter`, which says so, and `serve`, which begins it. */
export interface Draining {
  readonly begun: boolean;
  begin(): void;
}

/**
 * A process that is not about to end, yet.
 *
 * @example
 * const draining = createDraining();
 * app.use(healthRouter({ ready, draining }));
 * const server = await serve(app, { port: 8080, draining });
 */
export function createDraining(): Draining {
  let begun = false;
  return {
    get begun() {
      return begun;
    },
    begin() {
      begun = true;
    },
  };
}
