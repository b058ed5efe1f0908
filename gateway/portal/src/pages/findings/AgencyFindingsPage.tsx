import { useEffect, useState } from "react";
import { useAgencyName } from "../../api/agencies";
import { isMissing } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import { useActingFor } from "../../app/acting";
import { NotFound } from "../../app/StatePages";
import { choicesOf, SelectField, TextField } from "../../parts/fields";
import { Page } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { PeriodForm } from "../../parts/PeriodForm";
import { isoDate, oneOf, text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { monthsBefore, todayInTaipei } from "../../words/dates";
import { useWords } from "../../words/use";
import { FindingTabs } from "./FindingTabs";
import { mayNotSee, recordPage } from "./recordPages";
import { SEVERITIES, SeverityField } from "./SeverityField";

const today = todayInTaipei();
const ADDRESS = {
  agency: text(),
  from: isoDate(monthsBefore(today, 1)),
  to: isoDate(today),
  status: oneOf(["open", "fixed", "all"] as const, "open"),
  code: text(),
  severity: oneOf(SEVERITIES, ""),
  tab: oneOf(["records", "rules"] as const, "records"),
  ...tokenPages,
};
type Status = "open" | "fixed" | "all";

/** 錯誤明細 of an agency: by default what is still to be corrected, over all its files. */
export default function AgencyFindingsPage() {
  const { t } = useWords();
  const { agency: own } = useActingFor();
  const [address, change] = useAddress(ADDRESS);
  const { from, to, status, code, severity, tab, page_token, n } = address;
  const agency = address.agency || own.agency;
  const name = useAgencyName(agency, own);
  const filters = { agency, from, to, status, code, severity };
  const [draft, setDraft] = useState({ status, code });
  useEffect(() => setDraft({ status, code }), [status, code]);
  const records = useAnswer(
    "/api/v1/findings/records",
    { query: { ...filters, page_token, page_size: 50 } },
    { keep: true },
  );
  const hidden = mayNotSee(records.error);
  const findings = useAnswer("/api/v1/findings", {
    query: { ...filters, page_size: 100, page_token: hidden ? page_token : "" },
  });
  const groups = useAnswer(
    "/api/v1/findings/groups",
    { query: filters },
    { enabled: tab === "rules" },
  );
  if (isMissing(findings.error)) return <NotFound />;
  const next = hidden ? findings.data?.next_page_token : records.data?.next_page_token;
  return (
    <Page title={t.frame.titles.findings} lead={t.history.of(name)}>
      <PeriodForm
        from={from}
        to={to}
        onAsk={(first, last) => change({ from: first, to: last, ...draft, ...firstPage })}
      >
        <SelectField
          id="status"
          label={t.lists.status}
          value={draft.status}
          choices={choicesOf(t.codes.finding_filter)}
          onChange={(value) => {
            setDraft((before) => ({ ...before, status: value as Status }));
            change({ status: value as Status, ...firstPage });
          }}
        />
        <TextField
          id="code"
          label={t.findings.ruleCode}
          value={draft.code}
          onChange={(value) =>
            setDraft((before) => ({ ...before, code: value.trim().toUpperCase() }))
          }
        />
        <SeverityField
          severity={severity}
          onSeverity={(value) => change({ severity: value, ...firstPage })}
        />
      </PeriodForm>
      <FindingTabs
        withFile
        tab={tab}
        onTab={(key) => change({ tab: key, ...firstPage })}
        code={code}
        onCode={(one) => change({ code: one, tab: "records", ...firstPage })}
        records={{
          data: recordPage(records.data, findings.data, hidden, t),
          error: hidden ? findings.error : (records.error ?? findings.error),
          isPlaceholderData: records.isPlaceholderData,
          refetch: () => Promise.all([records.refetch(), findings.refetch()]),
        }}
        groups={groups}
        exports={{
          records: {
            path: hidden ? "/api/v1/findings" : "/api/v1/findings/records",
            query: filters,
          },
          rules: { path: "/api/v1/findings/groups", query: filters },
        }}
        paging={
          <TokenPages
            n={n}
            nextToken={next ?? ""}
            onNext={(token, page) => change({ page_token: token, n: page })}
            onFirst={() => change(firstPage)}
          />
        }
      />
    </Page>
  );
}
