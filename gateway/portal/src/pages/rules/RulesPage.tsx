import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useAnswer } from "../../api/queries";
import type { Rule } from "../../api/shapes";
import { SeverityBadge } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { AskForm, TextField } from "../../parts/fields";
import { Page } from "../../parts/Page";
import { text, useAddress } from "../../state/address";
import { useWords, wordFor } from "../../words/use";
import { foundRules } from "./search";

const ADDRESS = { q: text() };

/** 檢核規則: every rule in force, searched by code or by pasting a message. */
export default function RulesPage() {
  const { t } = useWords();
  const [{ q }, change] = useAddress(ADDRESS);
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const asked = useAnswer("/api/v1/rules");
  const columns = useColumns();
  const title = t.frame.titles.rules;
  return (
    <Page title={title} lead={t.open.rulesIntro}>
      <AskForm button={t.lists.search} onAsk={() => change({ q: typed.trim() })}>
        <TextField id="q" label={t.open.ruleField} value={typed} onChange={setTyped} wide />
      </AskForm>
      <Loaded asked={asked} what={title}>
        {(data) => (
          <>
            <div className="table-tools">
              <p>
                {t.outcome.ruleset} {data.ruleset}
              </p>
              <ExportButtons path="/api/v1/rules" />
            </div>
            <DataTable
              caption={title}
              columns={columns}
              rows={foundRules(data.rules, q)}
              rowKey={(rule) => `${rule.code} ${rule.severity}`}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<Rule>[] {
  const { t, date, language } = useWords();
  return [
    {
      key: "code",
      head: t.open.code,
      rowHead: true,
      cell: ({ code }) => <Link to={`/rules/${code}`}>{code}</Link>,
    },
    { key: "scope", head: t.open.scope, cell: (rule) => wordFor(t.codes.scopes, rule.scope) },
    {
      key: "severity",
      head: t.open.severity,
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    { key: "field", head: t.open.field, cell: ({ field }) => field || "—" },
    {
      key: "message",
      head: t.open.message,
      cell: (rule) => (language === "en" ? rule.message_en : rule.message_zh),
    },
    { key: "from", head: t.open.validFrom, cell: ({ valid_from }) => date(valid_from) },
    { key: "to", head: t.open.validTo, cell: ({ valid_to }) => date(valid_to) },
  ];
}
