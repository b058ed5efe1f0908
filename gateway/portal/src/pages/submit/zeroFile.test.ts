import { expect, it } from "vitest";
import { zeroReport } from "./zeroFile";

it("a zero report has empty lists and says so", async () => {
  const file = zeroReport("Z00000001A", "2026-10", new Date("2026-11-05T01:30:00.123Z"));
  expect(file.name).toBe("zero-11510.json");
  expect(JSON.parse(await file.text())).toMatchObject({
    reporting_org_code: "Z00000001A",
    data_month: "11510",
    source_system: "SELF",
    generated_at: "2026-11-05T01:30:00Z",
    zero_report: true,
    leave_count: 0,
    leave_records: [],
    overtime_records: [],
  });
});
