import { Link } from "react-router";
import { useAnswer } from "../../api/queries";
import type { RateUnit } from "../../api/shapes";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress, wholeNumber } from "../../state/address";
import { monthBefore, thisMonth } from "../../words/dates";
import { count, percent } from "../../words/numbers";
import { useWords } from "../../words/use";

/** Its pages stand beside those of the list of agencies on the same page. */
const ADDRESS = { units_token: text(), units_n: wholeNumber(1) };

/** Direct subordinates, each with all below it, over twelve months. */
export function Units(props: { authority: string; link: (code: string) => string }) {
  const { authority, link } = props;
  const { t } = useWords();
  const [{ units_token, units_n }, change] = useAddress(ADDRESS);
  const to = monthBefore(thisMonth());
  const query = { from: monthBefore(to, 11), to, authority, page_token: units_token };
  const asked = useAnswer("/api/v1/reporting-rates/units", { query }, { keep: true });
  const months = Array.from({ length: 12 }, (_, at) => monthBefore(to, 11 - at));
  const columns = useColumns(months, link);
  return (
    <Section title={t.rates.units}>
      <Loaded asked={asked} what={t.rates.units}>
        {(data) => (
          <>
            <ExportButtons path="/api/v1/reporting-rates/units" query={query} of={t.rates.units} />
            <div className="keep-names">
              <DataTable
                caption={t.rates.units}
                columns={columns}
                rows={data.units}
                rowKey={({ agency, self }) => `${agency} ${self}`}
              />
            </div>
            <TokenPages
              n={units_n}
              nextToken={data.next_page_token}
              onNext={(token, page) => change({ units_token: token, units_n: page })}
              onFirst={() => change({ units_token: "", units_n: 1 })}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function useColumns(months: string[], link: (code: string) => string): Column<RateUnit>[] {
  const { t, month: shown } = useWords();
  return [
    {
      key: "name",
      head: t.lists.agencyName,
      rowHead: true,
      cell: ({ agency, name, has_subordinates, self }) =>
        has_subordinates && !self ? (
          <Link to={link(agency)}>{name}</Link>
        ) : self ? (
          t.rates.unitSelf(name)
        ) : (
          name
        ),
    },
    ...months.map(
      (month): Column<RateUnit> => ({
        key: month,
        head: shown(month),
        number: true,
        className: (unit) => {
          const found = unit.months.find((one) => one.month === month);
          return found && found.reported < found.obliged ? "behind" : undefined;
        },
        cell: (unit) => {
          const found = unit.months.find((one) => one.month === month);
          if (!found || found.obliged === 0) return "—";
          return (
            <>
              {percent(found.reported, found.obliged)}
              <br />
              <span className="hint">
                {count(found.reported)}/{count(found.obliged)}
              </span>
            </>
          );
        },
      }),
    ),
  ];
}
