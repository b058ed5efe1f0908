import { useEffect, useState } from "react";
import { isMissing } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import { useActingFor } from "../../app/acting";
import { NotFound } from "../../app/StatePages";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Loaded } from "../../parts/Failed";
import { AskForm, TextField } from "../../parts/fields";
import { Page, Section } from "../../parts/Page";
import { PAGE_SIZES } from "../../parts/Paging";
import { isoMonth, oneOf, text, useAddress, writtenAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { monthBefore, thisMonth, typedMonth } from "../../words/dates";
import { useWords } from "../../words/use";
import { Levels } from "./Levels";
import { Numbers } from "./Numbers";
import { Reminders } from "./Reminders";
import { Statuses } from "./Statuses";
import { STATUS_CHOICES, UNREPORTED } from "./statusChoices";
import { Units } from "./Units";

const ADDRESS = {
  month: isoMonth(monthBefore(thisMonth())),
  authority: text(),
  status: oneOf(STATUS_CHOICES, UNREPORTED),
  q: text(),
  page_size: oneOf(PAGE_SIZES, PAGE_SIZES[0]),
  ...tokenPages,
};

/** 報送比率: the month's numbers, the units below, the agencies behind them, and reminders. */
export default function RatesPage() {
  const { t, month: shown } = useWords();
  const { agency: own } = useActingFor();
  const [address, change] = useAddress(ADDRESS);
  const { month, authority, status, ...page } = address;
  const [typed, setTyped] = useState({ month: shown(month), authority });
  const [errors, setErrors] = useState<FieldError[]>([]);
  useEffect(() => setTyped({ month: shown(month), authority }), [month, authority, shown]);
  const asked = useAnswer("/api/v1/reporting-rates", { query: { month, authority } });
  const ask = () => {
    const wanted = typedMonth(typed.month);
    setErrors(wanted ? [] : [{ field: "month", message: t.lists.badMonth(t.lists.month) }]);
    if (wanted) change({ month: wanted, authority: typed.authority.trim(), q: "", ...firstPage });
  };
  if (isMissing(asked.error)) return <NotFound />;
  const at = (code: string) => {
    const authorityOf = code === own.agency ? "" : code;
    return `?${writtenAddress(new URLSearchParams(), ADDRESS, { month, authority: authorityOf, status })}`;
  };
  return (
    <Page title={t.frame.titles.rates}>
      <Levels authority={authority || own.agency} to={at} />
      <ErrorSummary errors={errors} />
      <AskForm button={t.lists.search} onAsk={ask}>
        <TextField
          id="month"
          label={t.lists.month}
          hint={t.lists.monthHint}
          errors={errors}
          value={typed.month}
          onChange={(value) => setTyped((before) => ({ ...before, month: value }))}
        />
        <TextField
          id="authority"
          label={t.rates.authority}
          hint={t.lists.agencyCode}
          value={typed.authority}
          onChange={(value) => setTyped((before) => ({ ...before, authority: value }))}
        />
      </AskForm>
      <Section title={t.rates.figures}>
        <Loaded asked={asked} what={t.rates.figures}>
          {(rates) => (
            <Numbers rates={rates} onStatus={(one) => change({ status: one, ...firstPage })} />
          )}
        </Loaded>
      </Section>
      <Units authority={authority} link={at} />
      <Statuses
        key={`${month} ${authority}`}
        month={month}
        authority={authority}
        shown={{ status, ...page }}
        onShow={(shown) => change({ ...firstPage, ...(shown as Partial<typeof address>) })}
      />
      <Reminders month={month} authority={authority} />
    </Page>
  );
}
