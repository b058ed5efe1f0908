import { isForbidden, isMissing } from "../../api/problem";
import type { FileRecord, Finding } from "../../api/shapes";
import { isOfFile, recordsFromFindings } from "../../findings/records";
import type { Words } from "../../words/zh";
import type { RecordPage } from "./FindingTabs";

/** Records from the file where the person may see them; else rows made of the findings alone. */
export const mayNotSee = (error: unknown) => isForbidden(error) || isMissing(error);

interface RecordsAnswer {
  records: FileRecord[];
  reason?: "unreadable" | "pending" | "expired" | null;
  next_page_token: string;
}
interface FindingsAnswer {
  findings: Finding[];
  next_page_token: string;
}

export function recordPage(
  records: RecordsAnswer | undefined,
  findings: FindingsAnswer | undefined,
  hidden: boolean,
  t: Words,
): RecordPage | undefined {
  if (!findings || (!records && !hidden)) return undefined;
  const wholeFile = findings.findings.filter(isOfFile);
  if (records && !records.reason) return { records: records.records, wholeFile };
  const note = records?.reason ? t.findings.reasons[records.reason] : t.findings.hiddenValues;
  return { records: recordsFromFindings(findings.findings), wholeFile, note };
}
