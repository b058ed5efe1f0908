import { describe, expect, it } from "vitest";
import { fields } from "../api/generated/fields.zh";
import type { Finding } from "../api/shapes";
import { zh } from "../words/zh";
import { maskedValue, nameOfField, recordMonth, recordNumber, recordsFromFile } from "./records";

const finding = (kind: Finding["kind"], index: number | null, code: string): Finding => ({
  submission_id: null,
  file_name: "a.json",
  kind,
  index,
  pointer: "",
  record_no: "L-1",
  record_seq: 1,
  code,
  severity: "error",
  field: "location",
  field_name: "地點",
  value: "",
  expected: null,
  message: "地點不得為空白",
  message_en: "no place",
});

describe("records of a chosen file", () => {
  const content = {
    leave_records: [
      { record_no: "L-0" },
      {
        record_no: "L-1",
        person_id: "A123456789",
        person_name: "王小明",
        start_date: "1151005",
        reason: "代 B123456780 辦理",
        secret: "x",
      },
    ],
  };
  const rows = recordsFromFile(
    content,
    [finding("leave", 1, "L18"), finding("leave", 1, "L14"), finding("file", null, "F12")],
    fields,
  );
  it("are one row per record, without findings of the file", () => {
    expect(rows).toHaveLength(1);
    expect(rows[0]?.findings.map(({ code }) => code)).toEqual(["L18", "L14"]);
  });
  it("show listed fields only, masked", () => {
    expect(rows[0]?.values).toEqual({
      record_no: "L-1",
      person_id: "A12*****89",
      person_name: "王○",
      start_date: "1151005",
      reason: "代 B12*****80 辦理",
    });
  });
  it("know their number and month", () => {
    expect(rows[0] && recordNumber(rows[0])).toBe("L-1");
    expect(rows[0] && recordMonth(rows[0], "zh")).toBe("115/10");
  });
  it("stay without values where the file cannot be read", () => {
    expect(recordsFromFile(null, [finding("leave", 3, "S02")], fields)[0]?.values).toBeNull();
  });
});

describe("masking", () => {
  it("hides ids wherever they stand, and what is no id completely", () => {
    expect(maskedValue("location", "A123456789")).toBe("A12*****89");
    expect(maskedValue("person_id", "A1234")).toBe("***");
    expect(maskedValue("leave_minutes", 480)).toBe(480);
  });
});

describe("nameOfField", () => {
  it("names a field of a record or of the header", () => {
    expect(nameOfField("person_id", zh)).toBe("身分證統一編號");
    expect(nameOfField("data_month", zh, "envelope")).toBe("資料年月");
    expect(nameOfField("start_date", zh, "leave")).toBe("請假起日");
  });
  it("names none where the kinds differ, or that nobody knows", () => {
    expect(nameOfField("start_date", zh)).toBeUndefined();
    expect(nameOfField("nothing", zh)).toBeUndefined();
  });
});
