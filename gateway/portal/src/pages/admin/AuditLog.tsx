import { useEffect, useState } from "react";
import { useAnswer } from "../../api/queries";
import type { AuditLine } from "../../api/shapes";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { TextField } from "../../parts/fields";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { PeriodForm } from "../../parts/PeriodForm";
import { isoDate, text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { todayInTaipei } from "../../words/dates";
import { useWords } from "../../words/use";

const today = todayInTaipei();
const ADDRESS = {
  from: isoDate(today),
  to: isoDate(today),
  agency: text(),
  action: text(),
  ...tokenPages,
};

/** 稽核紀錄: who looked at or loaded whose data. Reading it is a line of its own. */
export function AuditLog() {
  const { t } = useWords();
  const [{ from, to, agency, action, page_token, n }, change] = useAddress(ADDRESS);
  const [draft, setDraft] = useState({ agency, action });
  useEffect(() => setDraft({ agency, action }), [agency, action]);
  const query = { from, to, agency, action, page_token };
  const asked = useAnswer("/api/v1/audit", { query }, { keep: true });
  const columns = useColumns();
  const put = (name: "agency" | "action") => (value: string) =>
    setDraft((before) => ({ ...before, [name]: value.trim() }));
  return (
    <Section title={t.admin.audit}>
      <PeriodForm
        from={from}
        to={to}
        onAsk={(first, last) => change({ from: first, to: last, ...draft, ...firstPage })}
      >
        <TextField
          id="agency"
          label={t.lists.agencyCode}
          value={draft.agency}
          onChange={put("agency")}
        />
        <TextField
          id="action"
          label={t.admin.action}
          value={draft.action}
          onChange={put("action")}
        />
      </PeriodForm>
      <Loaded asked={asked} what={t.admin.audit}>
        {(data) => (
          <>
            <ExportButtons path="/api/v1/audit" query={query} of={t.admin.audit} />
            <DataTable
              caption={t.admin.audit}
              columns={columns}
              rows={data.lines}
              rowKey={(line, at) => `${line.at} ${at}`}
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
    </Section>
  );
}

function useColumns(): Column<AuditLine>[] {
  const { t, time } = useWords();
  return [
    { key: "at", head: t.admin.time, className: () => "nowrap", cell: (line) => time(line.at) },
    { key: "sub", head: t.admin.person, rowHead: true, cell: ({ sub }) => sub },
    { key: "agency", head: t.lists.agency, cell: (line) => <Code>{line.agency}</Code> },
    { key: "acting", head: t.admin.acting, cell: (line) => <Code>{line.acting}</Code> },
    { key: "action", head: t.admin.action, cell: (line) => line.action },
    { key: "object", head: t.admin.object, cell: (line) => line.object },
    { key: "result", head: t.admin.result, cell: (line) => line.result },
  ];
}
