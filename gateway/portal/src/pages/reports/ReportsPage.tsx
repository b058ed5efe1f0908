import { useEffect, useState } from "react";
import { useMay } from "../../app/acting";
import { choicesOf, SelectField, TextField } from "../../parts/fields";
import { Page } from "../../parts/Page";
import { PeriodForm } from "../../parts/PeriodForm";
import { isoMonth, oneOf, text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { thisMonth } from "../../words/dates";
import { useWords } from "../../words/use";
import { FindingsReport, RatesReport, StatisticsReport } from "./reports";

export const REPORTS = ["monthly", "leave", "overtime", "agencies", "rates", "findings"] as const;
export type ReportKind = (typeof REPORTS)[number];
const year = thisMonth().slice(0, 4);
const MOST_MONTHS = 36;
const ADDRESS = {
  report: oneOf(REPORTS, "monthly"),
  from: isoMonth(`${year}-01`),
  to: isoMonth(`${year}-12`),
  q: text(),
  ...tokenPages,
};

const monthsBetween = (from: string, to: string) =>
  Number(to.slice(0, 4)) * 12 +
  Number(to.slice(5)) -
  Number(from.slice(0, 4)) * 12 -
  Number(from.slice(5)) +
  1;

/** 統計報表: one report, its chart, and the same figures as a table. */
export default function ReportsPage() {
  const { t } = useWords();
  const mayReadRates = useMay("supervisor", "operator", "auditor");
  const [{ report, from, to, q, page_token, n }, change] = useAddress(ADDRESS);
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const kinds = choicesOf(t.reports.kinds).filter(({ value }) => value !== "rates" || mayReadRates);
  const chosen = report === "rates" && !mayReadRates ? "monthly" : report;
  const tooLong = (first: string, last: string) =>
    monthsBetween(first, last) > MOST_MONTHS ? [{ field: "to", message: t.reports.tooLong }] : [];
  const page = {
    n,
    onNext: (token: string, next: number) => change({ page_token: token, n: next }),
    onFirst: () => change(firstPage),
  };
  const query = { from, to, q };
  return (
    <Page title={t.frame.titles.reports}>
      <PeriodForm
        months
        from={from}
        to={to}
        moreErrors={tooLong}
        onAsk={(first, last) => change({ from: first, to: last, q: typed.trim(), ...firstPage })}
      >
        <SelectField
          id="report"
          label={t.reports.report}
          value={chosen}
          choices={kinds}
          onChange={(value) => change({ report: value as ReportKind, ...firstPage })}
        />
        <TextField id="q" label={t.lists.searchField} value={typed} onChange={setTyped} />
      </PeriodForm>
      {chosen === "rates" && <RatesReport key="rates" query={{ from, to, authority: q }} />}
      {chosen === "findings" && (
        <FindingsReport key="findings" query={{ ...query, page_token }} page={page} />
      )}
      {chosen !== "rates" && chosen !== "findings" && (
        <StatisticsReport key={chosen} kind={chosen} query={{ ...query, page_token }} page={page} />
      )}
    </Page>
  );
}
