/**
 * Rows as lines with aligned columns, two spaces apart and without trailing ones.
 *
 * @example
 * alignColumns([["NAME", "KEY"], ["user", "users_{id}"]]) // ["NAME  KEY", "user  users_{id}"]
 */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
