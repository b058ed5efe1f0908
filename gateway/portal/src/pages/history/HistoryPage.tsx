import { Link } from "react-router";
import { useAgencyName } from "../../api/agencies";
import { isMissing } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import type { Submission } from "../../api/shapes";
import { pathFor, useActingFor } from "../../app/acting";
import { NotFound } from "../../app/StatePages";
import { StateBadge } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { NewWindowLink } from "../../parts/NewWindowLink";
import { Page } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { PeriodForm } from "../../parts/PeriodForm";
import { isoDate, text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { monthsBefore, todayInTaipei } from "../../words/dates";
import { count } from "../../words/numbers";
import { useWords, wordFor } from "../../words/use";

const today = todayInTaipei();
const ADDRESS = {
  of: text(),
  from: isoDate(monthsBefore(today, 1)),
  to: isoDate(today),
  ...tokenPages,
};

/** 歷程: every submission of an agency in a range of days. */
export default function HistoryPage() {
  const { t } = useWords();
  const { agency: own } = useActingFor();
  const [{ of, from, to, page_token, n }, change] = useAddress(ADDRESS);
  const agency = of || own.agency;
  const name = useAgencyName(agency, own);
  const query = { agency, from, to, page_token };
  const asked = useAnswer("/api/v1/submissions", { query }, { keep: true });
  const columns = useColumns();
  const title = t.frame.titles.history;
  if (isMissing(asked.error)) return <NotFound />;
  return (
    <Page title={title} lead={t.history.of(name)}>
      <PeriodForm
        from={from}
        to={to}
        onAsk={(first, last) => change({ from: first, to: last, ...firstPage })}
      />
      <Loaded asked={asked} what={title}>
        {(data) => (
          <>
            <div className="table-tools">
              <p>
                <NewWindowLink
                  to={pathFor(own.agency, `/findings?agency=${agency}&status=all`)}
                  label={t.history.allFindings}
                />
              </p>
              <ExportButtons path="/api/v1/submissions" query={query} />
            </div>
            <DataTable
              caption={title}
              columns={columns}
              rows={data.submissions}
              rowKey={(row) => row.submission_id}
            />
            <TokenPages
              n={n}
              nextToken={data.next_page_token}
              onNext={(token, page) => change({ page_token: token, n: page })}
              onFirst={() => change(firstPage)}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const correctOf = ({ total, dispositions }: Submission) =>
  total === null || !dispositions ? null : total - dispositions.invalid;

function useColumns(): Column<Submission>[] {
  const { t, time } = useWords();
  const { agency } = useActingFor();
  const to = (id: string, more = "") => pathFor(agency.agency, `/submissions/${id}${more}`);
  return [
    {
      key: "at",
      head: t.history.receivedAt,
      rowHead: true,
      className: () => "nowrap",
      cell: (row) => <Link to={to(row.submission_id)}>{time(row.received_at)}</Link>,
    },
    { key: "file", head: t.history.fileName, cell: (row) => row.file_name },
    { key: "route", head: t.summary.route, cell: (row) => wordFor(t.codes.routes, row.route) },
    { key: "state", head: t.lists.status, cell: (row) => <StateBadge state={row.state} /> },
    { key: "total", head: t.summary.total, number: true, cell: (row) => count(row.total) },
    { key: "correct", head: t.summary.correct, number: true, cell: (r) => count(correctOf(r)) },
    { key: "errors", head: t.summary.errors, number: true, cell: (r) => count(r.error_count) },
    { key: "warn", head: t.summary.warnings, number: true, cell: (r) => count(r.warning_count) },
    {
      key: "findings",
      head: t.summary.findings,
      className: () => "nowrap",
      cell: (row) => (
        <NewWindowLink
          to={to(row.submission_id, "/findings")}
          label={t.summary.findings}
          of={row.file_name}
        />
      ),
    },
  ];
}
