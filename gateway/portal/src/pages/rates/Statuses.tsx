import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { change as send } from "../../api/client";
import { refresh, useAnswer } from "../../api/queries";
import type { ReportingAgency } from "../../api/shapes";
import { useMay } from "../../app/acting";
import { FilingBadge } from "../../parts/Badge";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { Dialog } from "../../parts/Dialog";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { ExportButtons } from "../../parts/ExportButtons";
import { Failed, Loaded } from "../../parts/Failed";
import { SelectField } from "../../parts/fields";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { firstPage } from "../../state/lists";
import { count } from "../../words/numbers";
import { useWords, wordFor } from "../../words/use";
import { STATUS_CHOICES, UNREPORTED } from "./statusChoices";

interface Props {
  month: string;
  authority: string;
  status: string;
  onStatus: (status: string) => void;
  page: {
    page_token: string;
    n: number;
    change: (page: { page_token: string; n: number }) => void;
  };
}

/** The agencies behind each number, and 「催報」 to those that are chosen. */
export function Statuses({ month, authority, status, onStatus, page }: Props) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mayRemind = useMay("supervisor");
  const filter = status === "all" ? "" : status;
  const query = { month, authority, status: filter, page_token: page.page_token };
  const asked = useAnswer("/api/v1/reporting-rates/agencies", { query }, { keep: true });
  const toggle = (agency: string) => {
    const next = new Set(chosen);
    if (!next.delete(agency)) next.add(agency);
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
        <SelectField
          id="status"
          label={t.lists.status}
          value={status}
          choices={choices}
          onChange={onStatus}
        />
        {mayRemind && <Remind month={month} chosen={chosen} onSent={() => setChosen(new Set())} />}
      </div>
      <Loaded asked={asked} what={t.rates.agencies}>
        {(data) => (
          <>
            <ExportButtons
              path="/api/v1/reporting-rates/agencies"
              query={query}
              of={t.rates.agencies}
            />
            <DataTable
              caption={t.rates.agencies}
              columns={columns}
              rows={data.agencies}
              rowKey={({ agency }) => agency}
            />
            <TokenPages
              n={page.n}
              nextToken={data.next_page_token}
              onNext={(token, n) => page.change({ page_token: token, n })}
              onFirst={() => page.change(firstPage)}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

type Choosing = { chosen: ReadonlySet<string>; toggle: (agency: string) => void };

function useColumns(choosing: Choosing | null): Column<ReportingAgency>[] {
  const { t, aside } = useWords();
  const box: Column<ReportingAgency>[] = choosing
    ? [
        {
          key: "choose",
          head: t.rates.choose,
          cell: ({ agency, name }) => (
            <input
              type="checkbox"
              aria-label={name + aside(agency)}
              checked={choosing.chosen.has(agency)}
              onChange={() => choosing.toggle(agency)}
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

interface ReminderAnswer {
  sent: string[];
  skipped: { agency: string; reason: string }[];
}

function Remind(props: { month: string; chosen: ReadonlySet<string>; onSent: () => void }) {
  const { month, chosen, onSent } = props;
  const { t, month: shown } = useWords();
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [asking, setAsking] = useState(false);
  const remind = useMutation({
    mutationFn: () =>
      send<ReminderAnswer>("POST", "/api/v1/reminders", {
        json: { month, agencies: [...chosen] },
      }),
    onSuccess: () => {
      onSent();
      refresh("/api/v1/reminders");
    },
  });
  const ask = () => {
    setErrors(chosen.size ? [] : [{ field: "remind", message: t.rates.chooseFirst }]);
    setAsking(chosen.size > 0);
  };
  return (
    <>
      <button type="button" id="remind" className="primary" onClick={ask}>
        {t.rates.remind}
      </button>
      <ErrorSummary errors={errors} />
      <div role="status">
        {remind.data && (
          <>
            <p>
              {t.rates.reminded(count(remind.data.sent.length), count(remind.data.skipped.length))}
            </p>
            <ul>
              {remind.data.skipped.map(({ agency, reason }) => (
                <li key={agency}>
                  <Code>{agency}</Code> {wordFor(t.codes.reminder_skips, reason)}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {remind.error && <Failed error={remind.error} onRetry={() => remind.mutate()} />}
      {asking && (
        <Dialog
          title={t.rates.remindTitle}
          onClose={() => setAsking(false)}
          buttons={
            <>
              <button
                type="button"
                className="primary"
                onClick={() => {
                  setAsking(false);
                  remind.mutate();
                }}
              >
                {t.lists.confirm}
              </button>
              <button type="button" className="secondary" onClick={() => setAsking(false)}>
                {t.lists.cancel}
              </button>
            </>
          }
        >
          <p>{t.rates.remindText(count(chosen.size), shown(month))}</p>
        </Dialog>
      )}
    </>
  );
}
