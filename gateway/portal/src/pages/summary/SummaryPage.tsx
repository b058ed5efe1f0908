import { useAnswer } from "../../api/queries";
import type { SummaryLine } from "../../api/shapes";
import { pathFor, useActingFor } from "../../app/acting";
import { StateBadge } from "../../parts/Badge";
import { AgencyName, Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { NewWindowLink } from "../../parts/NewWindowLink";
import { Page } from "../../parts/Page";
import { CountedPages } from "../../parts/Paging";
import { SearchForm } from "../../parts/SearchForm";
import { text, useAddress } from "../../state/address";
import { countedPages } from "../../state/lists";
import { todayInTaipei } from "../../words/dates";
import { count } from "../../words/numbers";
import { useWords, wordFor } from "../../words/use";

const ADDRESS = { q: text(), ...countedPages };

/** 彙整總表: the last submission of every visible agency. */
export default function SummaryPage() {
  const { t, time } = useWords();
  const [{ q, page, page_size }, change] = useAddress(ADDRESS);
  const query = { q, page, page_size };
  const asked = useAnswer("/api/v1/summary", { query }, { keep: true });
  const columns = useColumns();
  const title = t.frame.titles.summary;
  return (
    <Page title={title}>
      <SearchForm q={q} onSearch={(typed) => change({ q: typed, page: 1 })} />
      <Loaded asked={asked} what={title}>
        {(data) => (
          <>
            <div className="table-tools">
              <p>
                {t.lists.updatedAt} {time(data.updated_at)}
              </p>
              <ExportButtons path="/api/v1/summary" query={query} />
            </div>
            <DataTable
              caption={title}
              columns={columns}
              rows={data.agencies}
              rowKey={({ agency }) => agency}
            />
            <CountedPages
              page={page}
              size={page_size}
              total={data.total_agencies}
              onPage={(wanted) => change({ page: wanted })}
              onSize={(size) => change({ page_size: size as 20, page: 1 })}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<SummaryLine>[] {
  const { t, time } = useWords();
  const { agency } = useActingFor();
  const today = todayInTaipei();
  const to = (page: string) => pathFor(agency.agency, page);
  return [
    { key: "agency", head: t.lists.agencyCode, cell: (row) => <Code>{row.agency}</Code> },
    {
      key: "name",
      head: t.lists.agencyName,
      rowHead: true,
      cell: ({ name, abolished_on }) => (
        <AgencyName name={name} abolished={abolished_on !== null && abolished_on <= today} />
      ),
    },
    { key: "at", head: t.summary.lastAt, cell: (row) => time(row.last_submitted_at) },
    { key: "route", head: t.summary.route, cell: (row) => wordFor(t.codes.routes, row.route) },
    { key: "state", head: t.lists.status, cell: (row) => <StateBadge state={row.state} /> },
    { key: "total", head: t.summary.total, number: true, cell: (row) => count(row.total) },
    { key: "correct", head: t.summary.correct, number: true, cell: (row) => count(row.correct) },
    { key: "errors", head: t.summary.errors, number: true, cell: (row) => count(row.errors) },
    { key: "warnings", head: t.summary.warnings, number: true, cell: (row) => count(row.warnings) },
    {
      key: "history",
      head: t.summary.history,
      className: () => "nowrap",
      cell: (row) => (
        <NewWindowLink
          to={to(`/submissions?of=${row.agency}`)}
          label={t.summary.history}
          of={row.name}
        />
      ),
    },
    {
      key: "findings",
      head: t.summary.findings,
      className: () => "nowrap",
      cell: (row) =>
        row.last_submission_id ? (
          <NewWindowLink
            to={to(`/submissions/${row.last_submission_id}/findings`)}
            label={t.summary.findings}
            of={row.name}
          />
        ) : (
          "—"
        ),
    },
  ];
}
