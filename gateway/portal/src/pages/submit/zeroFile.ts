import { fileMonth } from "../../words/dates";

/** 零報送: the file that says that a month has neither leave nor overtime. */
export function zeroReport(agency: string, isoMonth: string, now: Date): File {
  const month = fileMonth(isoMonth);
  const generated = now.toISOString().replace(/\.\d+Z$/, "Z");
  const content = {
    format_version: "1.0",
    reporting_org_code: agency,
    data_month: month,
    source_system: "SELF",
    generated_at: generated,
    batch_no: `zero-${month}-${generated.replace(/\D/g, "")}`,
    part_no: 1,
    part_count: 1,
    leave_count: 0,
    overtime_count: 0,
    zero_report: true,
    leave_records: [],
    overtime_records: [],
  };
  return new File([JSON.stringify(content)], `zero-${month}.json`, { type: "application/json" });
}
