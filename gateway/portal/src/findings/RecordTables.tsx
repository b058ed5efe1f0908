import type { FileRecord, Finding } from "../api/shapes";
import { type Column, DataTable } from "../parts/DataTable";
import { useWords } from "../words/use";
import { CellButton, MessageButton } from "./FindingButton";
import { recordMonth, recordNumber } from "./records";

/** A value of so many characters stays in one line, with the picture behind it. */
const SHORT = 24;
type OnExplain = (finding: Finding) => void;

function shownValue(record: FileRecord, name: string): string {
  if (name === "record_no") return recordNumber(record);
  if (!record.values || !(name in record.values)) return "—";
  const value = record.values[name];
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function worst(findings: readonly Finding[]): "error" | "warning" | undefined {
  if (findings.some(({ severity }) => severity === "error")) return "error";
  return findings.length ? "warning" : undefined;
}

/** One cell per field: red with a picture where something was found. */
function fieldColumn(name: string, head: string, onExplain: OnExplain): Column<FileRecord> {
  const of = (record: FileRecord) => record.findings.filter(({ field }) => field === name);
  return {
    key: `field-${name}`,
    head,
    className: (record) => {
      const found = worst(of(record));
      const isShort = shownValue(record, name).length <= SHORT;
      return [found && `found ${found}`, isShort && "nowrap"].filter(Boolean).join(" ");
    },
    cell: (record) => (
      <>
        {shownValue(record, name)}
        {of(record).map((finding) => (
          <CellButton
            key={`${finding.code}${finding.pointer}`}
            finding={finding}
            onExplain={onExplain}
          />
        ))}
      </>
    ),
  };
}

/** 依紀錄: the two tables 「差假」 and 「加班」, a row per record that has findings. */
export function RecordTables(props: {
  records: readonly FileRecord[];
  onExplain: OnExplain;
  withFile?: boolean;
}) {
  const { records, onExplain, withFile } = props;
  const { t, language } = useWords();
  const kinds = ["leave", "overtime"] as const;
  const columns = (kind: (typeof kinds)[number]): Column<FileRecord>[] => [
    ...(withFile
      ? [{ key: "file", head: t.findings.file, cell: (r: FileRecord) => r.file_name ?? "—" }]
      : []),
    { key: "line", head: t.findings.line, number: true, cell: (r) => r.index + 1 },
    { ...fieldColumn("record_no", t.findings.record, onExplain), rowHead: true },
    {
      key: "month",
      head: t.findings.month,
      className: () => "nowrap",
      cell: (r) => recordMonth(r, language),
    },
    ...Object.entries(t.fields[kind])
      .filter(([name]) => name !== "record_no")
      .map(([name, head]) => fieldColumn(name, head, onExplain)),
    {
      key: "message",
      head: t.findings.message,
      cell: (record) => (
        <ul className="messages">
          {record.findings.map((finding) => (
            <li key={`${finding.code}${finding.pointer}`}>
              <MessageButton finding={finding} onExplain={onExplain} />
            </li>
          ))}
        </ul>
      ),
    },
  ];
  return kinds.map((kind) => {
    const rows = records.filter((record) => record.kind === kind);
    return (
      <section key={kind} className="subsection records">
        <DataTable
          caption={t.codes.kinds[kind]}
          captionHidden={false}
          columns={columns(kind)}
          rows={rows}
          rowKey={(r) => `${r.submission_id ?? ""}${r.kind}${r.index}`}
        />
      </section>
    );
  });
}

/** Findings of the file as a whole and of its header, above the records. */
export function WholeFile(props: {
  findings: readonly Finding[];
  onExplain: OnExplain;
  withFile?: boolean;
}) {
  const { t, aside } = useWords();
  if (props.findings.length === 0) return null;
  const harmless = props.findings.every(({ severity }) => severity === "warning");
  return (
    <section className="subsection whole-file">
      <h3>{t.findings.wholeFile + (harmless ? aside(t.findings.onlyWarnings) : "")}</h3>
      <ul className="messages beside" aria-label={t.findings.wholeFile}>
        {props.findings.map((finding) => (
          <li key={`${finding.submission_id}${finding.code}${finding.pointer}`}>
            <MessageButton finding={finding} onExplain={props.onExplain} />
            {finding.value && <span className="hint">{finding.value}</span>}
            {props.withFile && <span className="hint">{finding.file_name}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
