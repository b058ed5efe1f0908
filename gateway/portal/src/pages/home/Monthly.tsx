import { useMemo } from "react";
import { useAnswer } from "../../api/queries";
import type { Monthly as Answer, MonthCounts } from "../../api/shapes";
import { AgencyName, Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { CountedPages } from "../../parts/Paging";
import { SearchForm } from "../../parts/SearchForm";
import { Tabs } from "../../parts/Tabs";
import { text, useAddress, wholeNumber } from "../../state/address";
import { countedPages } from "../../state/lists";
import { rocYear, thisMonth, todayInTaipei } from "../../words/dates";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";

/** 「機關每月筆數統計表」: tabs by year, every visible agency with its twelve months. */
const thisYear = () => Number(thisMonth().slice(0, 4));
const ADDRESS = { year: wholeNumber(thisYear(), 1912), q: text(), ...countedPages };
const MONTHS = Array.from({ length: 12 }, (_, at) => at + 1);
type Row = Answer["agencies"][number];

export function Monthly() {
  const { t, language } = useWords();
  const [{ year, q, page, page_size }, change] = useAddress(ADDRESS);
  const rules = useAnswer("/api/v1/rules");
  const firstYear = Number(rules.data?.first_month.slice(0, 4) ?? thisYear());
  const years = useMemo(() => {
    const newest = thisYear();
    return Array.from({ length: newest - firstYear + 1 }, (_, at) => newest - at);
  }, [firstYear]);
  const caption = t.home.monthly;
  const shownYear = (ad: number) => t.home.year(String(language === "zh" ? rocYear(ad) : ad));
  const wanted = years.includes(year) ? year : thisYear();
  return (
    <Section title={caption}>
      <Tabs
        label={t.home.years}
        tabs={years.map((one) => ({ key: String(one), label: shownYear(one) }))}
        chosen={String(wanted)}
        onChoose={(key) => change({ year: Number(key), page: 1 })}
      >
        <SearchForm q={q} onSearch={(typed) => change({ q: typed, page: 1 })} />
        <MonthlyTable
          query={{ year: rules.data ? wanted : year, q, page, page_size }}
          onPage={(wantedPage) => change({ page: wantedPage })}
          onSize={(size) => change({ page_size: size as 20, page: 1 })}
        />
      </Tabs>
    </Section>
  );
}

interface TableProps {
  query: { year: number; q: string; page: number; page_size: number };
  onPage: (page: number) => void;
  onSize: (size: number) => void;
}

function MonthlyTable({ query, onPage, onSize }: TableProps) {
  const { t, time } = useWords();
  const asked = useAnswer("/api/v1/statistics/monthly", { query }, { keep: true });
  const columns = useColumns();
  const caption = t.home.monthly;
  return (
    <Loaded asked={asked} what={caption}>
      {(data) => (
        <>
          <div className="table-tools">
            <p>
              {t.lists.updatedAt} {time(data.updated_at)}
            </p>
            <ExportButtons path="/api/v1/statistics/monthly" query={query} of={caption} />
          </div>
          <div className="keep-names">
            <DataTable
              caption={caption}
              columns={columns}
              rows={data.agencies}
              rowKey={({ agency }) => agency}
              foot={<SumRow months={data.sum.months} />}
            />
          </div>
          <p className="hint">{t.home.note}</p>
          <CountedPages
            page={query.page}
            size={query.page_size}
            total={data.total_agencies}
            onPage={onPage}
            onSize={onSize}
          />
        </>
      )}
    </Loaded>
  );
}

const KINDS = ["leave", "overtime"] as const;
const of = (months: readonly MonthCounts[], month: number, kind: (typeof KINDS)[number]) =>
  months.find((one) => one.month === month)?.[kind] ?? 0;
const sumOf = (months: readonly MonthCounts[], kind: (typeof KINDS)[number]) =>
  months.reduce((sum, one) => sum + one[kind], 0);

function useColumns(): Column<Row>[] {
  const { t } = useWords();
  const today = todayInTaipei();
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
    ...MONTHS.flatMap((month) =>
      KINDS.map(
        (kind): Column<Row> => ({
          key: `${month} ${kind}`,
          number: true,
          head: (
            <>
              {t.home.month(month)}
              <wbr />
              {t.codes.kinds[kind]}
            </>
          ),
          cell: (row) => count(of(row.months, month, kind)),
        }),
      ),
    ),
    ...KINDS.map(
      (kind): Column<Row> => ({
        key: `sum ${kind}`,
        number: true,
        head: t.lists.total + t.codes.kinds[kind],
        cell: (row) => <strong>{count(sumOf(row.months, kind))}</strong>,
      }),
    ),
  ];
}

/** The API's own sum of all agencies that match, not of the rows shown. */
function SumRow({ months }: { months: readonly MonthCounts[] }) {
  const { t } = useWords();
  return (
    <tr>
      <th scope="row" colSpan={2}>
        {t.lists.total}
      </th>
      {MONTHS.flatMap((month) =>
        KINDS.map((kind) => (
          <td key={`${month} ${kind}`} className="number">
            {count(of(months, month, kind))}
          </td>
        )),
      )}
      {KINDS.map((kind) => (
        <td key={kind} className="number">
          {count(sumOf(months, kind))}
        </td>
      ))}
    </tr>
  );
}
