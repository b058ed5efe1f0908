import type { FileRecord, Finding } from "../api/shapes";
import type { Language } from "../words/dates";
import { shownMonth } from "../words/dates";
import type { Words } from "../words/zh";

/** Findings laid out as the records they belong to. */
export const isOfFile = (finding: Finding) =>
  finding.kind === "file" || finding.kind === "envelope";

/** For whoever may not see the records themselves: one row per record, without values. */
export function recordsFromFindings(findings: readonly Finding[]): FileRecord[] {
  const rows = new Map<string, FileRecord>();
  for (const finding of findings) {
    if (isOfFile(finding) || finding.index === null) continue;
    const key = `${finding.submission_id} ${finding.kind} ${finding.index}`;
    const row = rows.get(key) ?? {
      kind: finding.kind as FileRecord["kind"],
      index: finding.index,
      values: null,
      findings: [],
      submission_id: finding.submission_id ?? undefined,
      file_name: finding.file_name,
    };
    row.findings.push(finding);
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** A field by its name in the language of the page; a group does not say of which kind it is. */
export function nameOfField(field: string, t: Words, kind?: string): string | undefined {
  const { leave, overtime, envelope } = t.fields;
  const tables = { leave: [leave], overtime: [overtime], envelope: [envelope] };
  const all = tables[kind as keyof typeof tables] ?? [leave, overtime, envelope];
  const names = new Set(all.flatMap((table) => table[field] ?? []));
  return names.size === 1 ? [...names][0] : undefined;
}

/** 115/10 from the date that decides the month of the record. */
export function recordMonth(record: FileRecord, language: Language): string {
  const date = record.values?.[record.kind === "leave" ? "start_date" : "overtime_date"];
  const found = /^(\d{3})(0[1-9]|1[0-2])\d\d$/.exec(String(date ?? ""));
  if (!found) return "—";
  return shownMonth(`${Number(found[1]) + 1911}-${found[2]}`, language);
}

export function recordNumber(record: FileRecord): string {
  const fromFinding = record.findings.find(({ record_no }) => record_no !== null)?.record_no;
  return String(record.values?.record_no ?? fromFinding ?? "—");
}

const PERSON_ID = /[A-Za-z][A-Da-d1289]\d{8}/g;

function maskedId(id: string): string {
  return [...id].length === 10 ? `${id.slice(0, 3)}*****${id.slice(8)}` : "***";
}

/** A value of a file in the browser, masked as the platform masks what it keeps. */
export function maskedValue(name: string, value: unknown): unknown {
  if (name === "person_id") return maskedId(String(value));
  if (name === "person_name") return value === "" ? "" : `${[...String(value)][0] ?? ""}○`;
  if (typeof value === "string") {
    const cut = [...value].length > 200 ? `${[...value].slice(0, 200).join("")}…` : value;
    return cut.replace(PERSON_ID, maskedId);
  }
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The records of a chosen file that have findings, with the file's own fields, masked. */
export function recordsFromFile(
  content: unknown,
  findings: readonly Finding[],
  fields: Record<"leave" | "overtime", Record<string, string>>,
): FileRecord[] {
  return recordsFromFindings(findings).map((row) => {
    const list = isObject(content) ? content[`${row.kind}_records`] : undefined;
    const element = Array.isArray(list) ? list[row.index] : undefined;
    if (!isObject(element)) return row;
    const listed = Object.keys(fields[row.kind])
      .filter((name) => name in element)
      .map((name) => [name, maskedValue(name, element[name])]);
    return { ...row, values: Object.fromEntries(listed) };
  });
}
