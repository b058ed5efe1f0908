import { Link } from "react-router";
import { useAnswer } from "../../api/queries";
import type { WorkbenchRow } from "../../api/shapes";
import { pathFor, useActingFor, useMay } from "../../app/acting";
import { FilingBadge } from "../../parts/Badge";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";

/** 「本月工作台」: what is open or overdue, with the one next thing to do. */
type Next = "report" | "correct" | "view";

export function nextOf(row: WorkbenchRow, isClerk: boolean): Next {
  if (!isClerk) return "view";
  if (row.status === "missing" || row.status === "due") return "report";
  return row.open_errors > 0 ? "correct" : "view";
}

export function addressFor(row: WorkbenchRow, next: Next): string {
  if (next === "report") return pathFor(row.agency, `/submit?month=${row.month}`);
  if (next === "correct") return pathFor(row.agency, `/findings?from=${row.month}-01`);
  return row.last_submission_id
    ? pathFor(row.agency, `/submissions/${row.last_submission_id}`)
    : pathFor(row.agency, `/submissions?of=${row.agency}`);
}

export function Workbench() {
  const { t } = useWords();
  const asked = useAnswer("/api/v1/workbench");
  const columns = useColumns();
  const caption = t.home.workbench;
  return (
    <Section title={caption}>
      <Loaded asked={asked} what={caption}>
        {(data) => (
          <>
            <DataTable
              caption={caption}
              columns={columns}
              rows={data.rows}
              rowKey={(row) => `${row.agency} ${row.month}`}
            />
            <ExportButtons path="/api/v1/workbench" of={caption} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function useColumns(): Column<WorkbenchRow>[] {
  const { t, date, month, aside } = useWords();
  const isClerk = useMay("agency_clerk");
  const { agency } = useActingFor();
  return [
    {
      key: "agency",
      head: t.lists.agency,
      rowHead: true,
      cell: (row) => (
        <>
          {row.name}
          <Code>{aside(row.agency)}</Code>
          {row.delegated && row.agency !== agency.agency && (
            <span className="badge">{t.frame.delegated}</span>
          )}
        </>
      ),
    },
    { key: "month", head: t.lists.month, cell: (row) => month(row.month) },
    { key: "deadline", head: t.home.deadline, cell: (row) => date(row.deadline) },
    { key: "status", head: t.lists.status, cell: (row) => <FilingBadge status={row.status} /> },
    { key: "errors", head: t.home.openErrors, number: true, cell: (row) => count(row.open_errors) },
    { key: "unmatched", head: t.home.unmatched, number: true, cell: (r) => count(r.unmatched) },
    {
      key: "next",
      head: t.home.action,
      cell: (row) => {
        const next = nextOf(row, isClerk);
        return (
          <>
            <Link to={addressFor(row, next)}>
              {t.home[next]}
              <span className="sr-only">{aside(`${row.name} ${month(row.month)}`)}</span>
            </Link>
            {next === "view" && <span className="hint"> {t.home.nothingToDo}</span>}
          </>
        );
      },
    },
  ];
}
