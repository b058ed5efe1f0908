import { useEffect, useState } from "react";
import { useAnswer } from "../../api/queries";
import type { Unmatched } from "../../api/shapes";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { AskForm, choicesOf, SelectField, TextField } from "../../parts/fields";
import { Page } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { oneOf, text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { count } from "../../words/numbers";
import { useWords, wordFor } from "../../words/use";

const REASONS = ["", "NO_PERSON", "BEFORE_FIRST", "GAP", "AFTER_LAST"] as const;
const BANDS = ["", "7", "30", "90", "over"] as const;
const ADDRESS = {
  agency: text(),
  reason: oneOf(REASONS, ""),
  band: oneOf(BANDS, ""),
  ...tokenPages,
};
type Row = Unmatched["unmatched"][number];

/** 未比對清單: records without a career row, why, and who mends it. */
export default function UnmatchedPage() {
  const { t } = useWords();
  const [{ agency, reason, band, page_token, n }, change] = useAddress(ADDRESS);
  const [typed, setTyped] = useState(agency);
  useEffect(() => setTyped(agency), [agency]);
  const query = { agency, reason, band, page_token };
  const asked = useAnswer("/api/v1/unmatched", { query }, { keep: true });
  const columns = useColumns();
  const title = t.frame.titles.unmatched;
  const all = { value: "", label: t.lists.all };
  return (
    <Page title={title} lead={t.unmatched.intro}>
      <AskForm
        button={t.lists.search}
        onAsk={() => change({ agency: typed.trim().toUpperCase(), ...firstPage })}
      >
        <TextField id="agency" label={t.lists.agencyCode} value={typed} onChange={setTyped} />
        <SelectField
          id="reason"
          label={t.unmatched.reason}
          value={reason}
          choices={[all, ...choicesOf(t.codes.reasons)]}
          onChange={(value) => change({ reason: value as (typeof REASONS)[number], ...firstPage })}
        />
        <SelectField
          id="band"
          label={t.unmatched.band}
          value={band}
          choices={[all, ...choicesOf(t.codes.bands)]}
          onChange={(value) => change({ band: value as (typeof BANDS)[number], ...firstPage })}
        />
      </AskForm>
      <Loaded asked={asked} what={title}>
        {(data) => (
          <>
            <Sums answer={data} />
            <div className="table-tools">
              <span />
              <ExportButtons path="/api/v1/unmatched" query={query} />
            </div>
            <DataTable
              caption={title}
              columns={columns}
              rows={data.unmatched}
              rowKey={(row) => `${row.submission_id} ${row.kind} ${row.index}`}
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

function Sums({ answer }: { answer: Unmatched }) {
  const { t } = useWords();
  return (
    <>
      <p>
        {t.lists.total} <strong>{count(answer.total)}</strong>
      </p>
      <ul className="counts" aria-label={t.unmatched.sums}>
        {answer.reasons.map(({ reason, count: records }) => (
          <li key={reason}>
            {wordFor(t.codes.reasons, reason)} <span className="figure">{count(records)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function useColumns(): Column<Row>[] {
  const { t, date } = useWords();
  return [
    { key: "agency", head: t.lists.agencyCode, cell: (row) => <Code>{row.agency}</Code> },
    {
      key: "name",
      head: t.lists.agencyName,
      cell: (row) => row.agency_name,
    },
    { key: "kind", head: t.unmatched.kind, cell: (row) => t.codes.kinds[row.kind] },
    { key: "record", head: t.unmatched.record, rowHead: true, cell: (row) => row.record_no },
    { key: "seq", head: t.unmatched.seq, number: true, cell: (row) => row.record_seq },
    { key: "person", head: t.unmatched.person, cell: (row) => <Code>{row.person_id}</Code> },
    { key: "date", head: t.unmatched.date, cell: (row) => date(row.date) },
    { key: "why", head: t.unmatched.reason, cell: (row) => wordFor(t.codes.reasons, row.reason) },
    { key: "mend", head: t.unmatched.mend, cell: (row) => wordFor(t.codes.menders, row.mend) },
    {
      key: "age",
      head: t.unmatched.age,
      number: true,
      cell: (row) => t.unmatched.days(count(row.age_days)),
    },
  ];
}
