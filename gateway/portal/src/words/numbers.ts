const grouped = new Intl.NumberFormat("en-US");

export const count = (number: number | null | undefined) =>
  number === null || number === undefined ? "—" : grouped.format(number);

/** One decimal, cut, not rounded; — where nothing is obliged. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return "—";
  const tenths = Math.floor((part * 1000) / whole);
  return `${Math.floor(tenths / 10)}.${tenths % 10}%`;
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${grouped.format(bytes)} B`;
  if (bytes < 1024 * 1024) return `${grouped.format(Math.ceil(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
