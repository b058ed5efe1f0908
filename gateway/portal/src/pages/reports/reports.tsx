import { useMemo } from "react";
import type { Query } from "../../api/client";
import { useAnswer } from "../../api/queries";
import { useMessageOfCode } from "../../api/ruleMessages";
import type { FindingCount, RateMonth, ReportRow } from "../../api/shapes";
import type { Figures } from "../../chart/chart";
import { SeverityBadge } from "../../parts/Badge";
import { Code, type Column } from "../../parts/DataTable";
import { Loaded } from "../../parts/Failed";
import { todayInTaipei } from "../../words/dates";
import { count, percent } from "../../words/numbers";
import { useWords } from "../../words/use";
import { byCode, byKind, byType, cutPercent, MOST_BARS } from "./figures";
import { type PageOf, Report } from "./Report";

/** The six reports: what is asked, which columns, which chart. */
type StatisticsKind = "monthly" | "leave" | "overtime" | "agencies";
const PAGE_SIZE = 1000;
/** Of a country's agencies a page shows what its chart can hold. */
const ROWS_OF_AGENCIES = 2 * MOST_BARS;
const ASKED: Record<StatisticsKind, Query> = {
  monthly: { by: "month,kind" },
  leave: { by: "type", kind: "leave" },
  overtime: { by: "type", kind: "overtime" },
  agencies: { by: "agency,kind" },
};

export function StatisticsReport(props: { kind: StatisticsKind; query: Query; page: PageOf }) {
  const { kind, page } = props;
  const { t, month } = useWords();
  const path = "/api/v1/statistics/report";
  const query = {
    ...props.query,
    ...ASKED[kind],
    page_size: kind === "agencies" ? ROWS_OF_AGENCIES : PAGE_SIZE,
  };
  const asked = useAnswer(path, { query }, { keep: true });
  const rows = asked.data?.rows;
  const title = t.reports.kinds[kind];
  const figures = useMemo<Figures>(() => {
    const found = rows ?? [];
    const { kinds } = t.codes;
    if (kind === "monthly") {
      const key = (row: ReportRow) => row.month ?? "";
      return { title, kind: "bar", ...byKind(found, key, (row) => month(row.month), kinds) };
    }
    if (kind === "agencies") {
      const key = (row: ReportRow) => row.agency ?? "";
      const name = (row: ReportRow) => row.name ?? row.agency ?? "";
      return { title, kind: "bar", lying: true, ...byKind(found, key, name, kinds) };
    }
    return { title, kind: "bar", lying: true, ...byType(found, t.reports.records) };
  }, [rows, kind, title, t, month]);
  const columns = useStatisticsColumns(kind);
  return (
    <Loaded asked={asked} what={title}>
      {(data) => (
        <Report
          figures={figures}
          columns={columns}
          rows={data.rows}
          rowKey={(row) => `${row.month} ${row.agency} ${row.kind} ${row.type}`}
          path={path}
          query={query}
          updatedAt={data.updated_at}
          page={{ ...page, nextToken: data.next_page_token }}
        />
      )}
    </Loaded>
  );
}

function useStatisticsColumns(kind: StatisticsKind): Column<ReportRow>[] {
  const { t, month } = useWords();
  const kindColumn: Column<ReportRow> = {
    key: "kind",
    head: t.unmatched.kind,
    cell: (row) => (row.kind ? t.codes.kinds[row.kind] : "—"),
  };
  const first: Record<"month" | "agency" | "type", Column<ReportRow>[]> = {
    month: [
      { key: "month", head: t.lists.month, rowHead: true, cell: (row) => month(row.month) },
      kindColumn,
    ],
    agency: [
      { key: "agency", head: t.lists.agencyCode, cell: (row) => <Code>{row.agency}</Code> },
      { key: "name", head: t.lists.agencyName, rowHead: true, cell: (row) => row.name ?? "—" },
      kindColumn,
    ],
    type: [
      kindColumn,
      { key: "type", head: t.reports.code, cell: (row) => <Code>{row.type}</Code> },
      { key: "name", head: t.reports.type, rowHead: true, cell: (row) => row.type_name ?? "—" },
    ],
  };
  const by = kind === "monthly" ? "month" : kind === "agencies" ? "agency" : "type";
  return [
    ...first[by],
    { key: "records", head: t.reports.records, number: true, cell: (row) => count(row.records) },
    { key: "minutes", head: t.reports.minutes, number: true, cell: (row) => count(row.minutes) },
  ];
}

export function FindingsReport(props: { query: Query; page: PageOf }) {
  const { t } = useWords();
  const path = "/api/v1/statistics/findings";
  const query = { ...props.query, by: "code", page_size: PAGE_SIZE };
  const asked = useAnswer(path, { query });
  const rows = asked.data?.rows;
  const title = t.reports.kinds.findings;
  const messageOf = useMessageOfCode();
  const figures = useMemo<Figures>(
    () => ({ title, kind: "bar", lying: true, ...byCode(rows ?? [], t.reports.findings) }),
    [rows, title, t],
  );
  const columns: Column<FindingCount>[] = [
    {
      key: "code",
      head: t.reports.code,
      rowHead: true,
      cell: (row) => <Code>{row.code}</Code>,
    },
    {
      key: "severity",
      head: t.findings.severity,
      cell: ({ severity }) => (severity ? <SeverityBadge severity={severity} /> : "—"),
    },
    { key: "message", head: t.reports.message, cell: messageOf },
    { key: "n", head: t.reports.findings, number: true, cell: (row) => count(row.findings) },
    { key: "files", head: t.reports.files, number: true, cell: (row) => count(row.files) },
  ];
  return (
    <Loaded asked={asked} what={title}>
      {(data) => (
        <Report
          figures={figures}
          columns={columns}
          rows={data.rows}
          rowKey={(row) => `${row.code} ${row.severity}`}
          path={path}
          query={query}
          updatedAt={data.updated_at}
          page={{ ...props.page, nextToken: data.next_page_token }}
        />
      )}
    </Loaded>
  );
}

/** A month whose deadline lies ahead is not drawn as a fall to zero. */
const liveIfDue = ({ deadline, live }: RateMonth) =>
  deadline >= todayInTaipei() ? null : cutPercent(live);

export function RatesReport({ query }: { query: Query }) {
  const { t, month, date } = useWords();
  const path = "/api/v1/reporting-rates/series";
  const asked = useAnswer(path, { query });
  const months = asked.data?.months;
  const title = t.reports.kinds.rates;
  const figures = useMemo<Figures>(
    () => ({
      title,
      kind: "line",
      unit: "%",
      labels: (months ?? []).map((one) => month(one.month)),
      series: [
        { name: t.reports.live, values: (months ?? []).map(liveIfDue) },
        { name: t.reports.frozen, values: (months ?? []).map((one) => cutPercent(one.frozen)) },
      ],
    }),
    [months, title, t, month],
  );
  const columns: Column<RateMonth>[] = [
    { key: "month", head: t.lists.month, rowHead: true, cell: (row) => month(row.month) },
    { key: "deadline", head: t.rates.deadline, cell: (row) => date(row.deadline) },
    { key: "obliged", head: t.rates.obliged, number: true, cell: (r) => count(r.live.obliged) },
    { key: "reported", head: t.rates.reported, number: true, cell: (r) => count(r.live.reported) },
    { key: "on_time", head: t.rates.onTime, number: true, cell: (r) => count(r.live.on_time) },
    {
      key: "live",
      head: t.reports.live,
      number: true,
      cell: ({ live }) => percent(live.reported, live.obliged),
    },
    {
      key: "frozen",
      head: t.reports.frozen,
      number: true,
      cell: ({ frozen }) => (frozen ? percent(frozen.reported, frozen.obliged) : "—"),
    },
  ];
  return (
    <Loaded asked={asked} what={title}>
      {(data) => (
        <Report
          figures={figures}
          columns={columns}
          rows={data.months}
          rowKey={(row) => row.month}
          query={query}
        />
      )}
    </Loaded>
  );
}
