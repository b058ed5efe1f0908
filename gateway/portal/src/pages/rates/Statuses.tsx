import { useState } from "react";
import { useAnswer } from "../../api/queries";
import type { ReportingAgency } from "../../api/shapes";
import { useActingFor, useMay } from "../../app/acting";
import { FilingBadge } from "../../parts/Badge";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { SelectField } from "../../parts/fields";
import { Section } from "../../parts/Page";
import { PageSize, TokenPages } from "../../parts/Paging";
import { SearchForm } from "../../parts/SearchForm";
import { useWords } from "../../words/use";
import { Choosing, canRemind } from "./Choosing";
import { type Chosen, Remind } from "./Remind";
import { STATUS_CHOICES, UNREPORTED } from "./statusChoices";

/** What the list shows, as the address of the page has it. */
export interface Shown {
  status: string;
  q: string;
  page_size: number;
  page_token: string;
  n: number;
}

interface Props {
  month: string;
  authority: string;
  shown: Shown;
  /** A change of the filter begins with the first page. */
  onShow: (shown: Partial<Shown>) => void;
}

/** The agencies behind each number, and 「催報」 to those that are chosen. */
export function Statuses({ month, authority, shown, onShow }: Props) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const mayRemind = useMay("supervisor");
  const { status, q, page_size, page_token, n } = shown;
  const filter = { month, authority, q, status: status === "all" ? "" : status };
  const query = { ...filter, page_size, page_token };
  const asked = useAnswer("/api/v1/reporting-rates/agencies", { query }, { keep: true });
  const toggle = ({ agency, name }: ReportingAgency) => {
    const next = new Map(chosen);
    if (!next.delete(agency)) next.set(agency, name);
    setChosen(next);
  };
  const columns = useColumns(mayRemind ? { chosen, toggle } : null);
  const choices = STATUS_CHOICES.map((value) => ({
    value,
    label:
      value === UNREPORTED
        ? t.rates.unreported
        : value === "all"
          ? t.lists.all
          : t.codes.filing[value],
  }));
  return (
    <Section title={t.rates.agencies}>
      <div className="ask">
        <SearchForm q={q} button={t.rates.find} onSearch={(typed) => onShow({ q: typed })} />
        <SelectField
          id="status"
          label={t.lists.status}
          value={status}
          choices={choices}
          onChange={(value) => onShow({ status: value })}
        />
        <PageSize size={page_size} onSize={(size) => onShow({ page_size: size })} />
        {mayRemind && <Remind month={month} chosen={chosen} onSent={() => setChosen(new Map())} />}
      </div>
      <Loaded asked={asked} what={t.rates.agencies}>
        {(data) => (
          <>
            <div className="table-tools">
              {mayRemind ? (
                <Choosing
                  filter={filter}
                  shown={data.agencies}
                  chosen={chosen}
                  onChosen={setChosen}
                />
              ) : (
                <span />
              )}
              <ExportButtons
                path="/api/v1/reporting-rates/agencies"
                query={query}
                of={t.rates.agencies}
              />
            </div>
            <DataTable
              caption={t.rates.agencies}
              columns={columns}
              rows={data.agencies}
              rowKey={({ agency }) => agency}
            />
            <TokenPages
              n={n}
              nextToken={data.next_page_token}
              onNext={(token, page) => onShow({ page_token: token, n: page })}
              onFirst={() => onShow({})}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

type Boxes = { chosen: Chosen; toggle: (agency: ReportingAgency) => void };

function useColumns(boxes: Boxes | null): Column<ReportingAgency>[] {
  const { t, aside } = useWords();
  const { agency: own } = useActingFor();
  const box: Column<ReportingAgency>[] = boxes
    ? [
        {
          key: "choose",
          head: t.rates.choose,
          cell: (row) =>
            canRemind(own.agency)(row) && (
              <input
                type="checkbox"
                aria-label={row.name + aside(row.agency)}
                checked={boxes.chosen.has(row.agency)}
                onChange={() => boxes.toggle(row)}
              />
            ),
        },
      ]
    : [];
  return [
    ...box,
    { key: "agency", head: t.lists.agencyCode, cell: (row) => <Code>{row.agency}</Code> },
    { key: "name", head: t.lists.agencyName, rowHead: true, cell: ({ name }) => name },
    { key: "status", head: t.lists.status, cell: (row) => <FilingBadge status={row.status} /> },
    {
      key: "on_time",
      head: t.rates.onTimeColumn,
      cell: ({ on_time }) => (on_time ? t.lists.yes : t.lists.no),
    },
  ];
}
