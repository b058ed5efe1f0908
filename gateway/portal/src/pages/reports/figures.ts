import type { FindingCount, RateNumbers, ReportRow } from "../../api/shapes";
import type { Figures } from "../../chart/chart";

/** Charts out of the API's rows: nothing is added up that the table does not show. */
type Series = Figures["series"];
export const MOST_BARS = 40;

function distinct(rows: readonly ReportRow[], name: (row: ReportRow) => string): string[] {
  return [...new Set(rows.map(name))];
}

/** One series per kind over months or agencies. */
export function byKind(
  rows: readonly ReportRow[],
  keyOf: (row: ReportRow) => string,
  labelOf: (row: ReportRow) => string,
  kinds: Record<"leave" | "overtime", string>,
): { labels: string[]; series: Series } {
  const keys = distinct(rows, keyOf).slice(0, MOST_BARS);
  const label = (key: string) => {
    const row = rows.find((one) => keyOf(one) === key);
    return row ? labelOf(row) : key;
  };
  const series = (["leave", "overtime"] as const).map((kind) => ({
    name: kinds[kind],
    values: keys.map(
      (key) => rows.find((row) => keyOf(row) === key && row.kind === kind)?.records ?? 0,
    ),
  }));
  return { labels: keys.map(label), series };
}

export const byType = (rows: readonly ReportRow[], name: string) => ({
  labels: rows.slice(0, MOST_BARS).map((row) => row.type_name ?? row.type ?? "—"),
  series: [{ name, values: rows.slice(0, MOST_BARS).map((row) => row.records) }],
});

export const byCode = (rows: readonly FindingCount[], name: string) => ({
  labels: rows.slice(0, MOST_BARS).map((row) => row.code ?? "—"),
  series: [{ name, values: rows.slice(0, MOST_BARS).map((row) => row.findings) }],
});

/** Percentages with one decimal, cut, as everywhere. */
export function cutPercent(numbers: RateNumbers | null): number | null {
  if (!numbers || numbers.obliged === 0) return null;
  return Math.floor((numbers.reported * 1000) / numbers.obliged) / 10;
}
