import { expect, it } from "vitest";
import { byKind, byType, cutPercent } from "./figures";

const rows = [
  { month: "2026-01", kind: "leave" as const, records: 3, minutes: 60 },
  { month: "2026-01", kind: "overtime" as const, records: 1, minutes: 30 },
  { month: "2026-03", kind: "leave" as const, records: 2, minutes: 10 },
];

it("has a series per kind, and 0 where the API has no row", () => {
  const kinds = { leave: "差假", overtime: "加班" };
  const month = (row: { month?: string }) => row.month ?? "";
  expect(byKind(rows, month, month, kinds)).toEqual({
    labels: ["2026-01", "2026-03"],
    series: [
      { name: "差假", values: [3, 2] },
      { name: "加班", values: [1, 0] },
    ],
  });
});

it("names types, or shows their code", () => {
  const types = [{ type: "16", type_name: "休假", records: 5, minutes: 9 }];
  expect(byType(types, "筆數").labels).toEqual(["休假"]);
});

it("cuts percentages", () => {
  expect(cutPercent({ obliged: 3, reported: 2, on_time: 0 })).toBe(66.6);
  expect(cutPercent({ obliged: 0, reported: 0, on_time: 0 })).toBeNull();
});
