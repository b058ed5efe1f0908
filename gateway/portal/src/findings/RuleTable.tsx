import { useMessageOfCode } from "../api/ruleMessages";
import type { Group } from "../api/shapes";
import { SeverityBadge } from "../parts/Badge";
import { Code, type Column, DataTable } from "../parts/DataTable";
import { count } from "../words/numbers";
import { useWords } from "../words/use";
import { nameOfField } from "./records";

/** Leave and overtime have fields of one key under two names: the rule's letter says which is meant. */
const KIND_OF_LETTER: Record<string, string> = { L: "leave", O: "overtime" };

/** 依規則: a row per code and field; pressing one shows its records. */
export function RuleTable(props: {
  groups: readonly Group[];
  caption: string;
  onCode?: (code: string) => void;
}) {
  const { groups, caption, onCode } = props;
  const { t } = useWords();
  const messageOf = useMessageOfCode();
  // Groups over many files have no first lines.
  const firstLines: Column<Group> = {
    key: "first",
    head: t.findings.first,
    cell: ({ first }) => first?.map((index) => index + 1).join(", ") ?? "—",
  };
  const columns: Column<Group>[] = [
    {
      key: "code",
      head: t.findings.code,
      rowHead: true,
      cell: ({ code }) =>
        onCode ? (
          <button type="button" className="link" onClick={() => onCode(code)}>
            {code}
          </button>
        ) : (
          <Code>{code}</Code>
        ),
    },
    {
      key: "severity",
      head: t.findings.severity,
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    {
      key: "field",
      head: t.findings.field,
      cell: ({ code, field }) => {
        const name = nameOfField(field, t, KIND_OF_LETTER[code.charAt(0)]);
        return (
          <>
            {name} {name !== field && <span className="hint">{field || "—"}</span>}
          </>
        );
      },
    },
    { key: "message", head: t.findings.message, cell: messageOf },
    { key: "count", head: t.findings.count, number: true, cell: (g) => count(g.count) },
    ...(groups.some(({ first }) => first) ? [firstLines] : []),
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={groups}
      rowKey={(g) => `${g.code} ${g.severity} ${g.field}`}
    />
  );
}
