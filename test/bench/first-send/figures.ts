/** The p-th percentile (nearest rank) of some milliseconds, rounded to hundredths. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
  return Math.round(found * 100) / 100;
}

/** A row for a table of milliseconds: median, 99th percentile and worst. */
export function row(name: string, values: readonly number[]): string[] {
  const shown = (value: number) => value.toFixed(2);
  return [name, shown(percentile(values, 50)), shown(percentile(values, 99)), shown(percentile(values, 100))];
}
