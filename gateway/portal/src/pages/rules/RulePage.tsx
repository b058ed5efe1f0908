import { Link, useParams } from "react-router";
import { isNoObject } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import type { RuleExplained } from "../../api/shapes";
import { NotFound } from "../../app/StatePages";
import { SeverityBadge } from "../../parts/Badge";
import { Code } from "../../parts/DataTable";
import { Loaded } from "../../parts/Failed";
import { Page } from "../../parts/Page";
import { useWords, wordFor } from "../../words/use";

/** One rule: what it means, who mends it, and the smallest wrong and right example. */
export default function RulePage() {
  const { t } = useWords();
  const { code = "" } = useParams();
  const asked = useAnswer("/api/v1/rules/{code}", { params: { code } });
  if (isNoObject(asked.error)) return <NotFound />;
  return (
    <Page title={t.frame.titles.rules}>
      <Loaded asked={asked} what={t.frame.titles.rules}>
        {(rule) => <Explained rule={rule} />}
      </Loaded>
      <p>
        <Link to="/rules">{t.open.allRules}</Link>
      </p>
    </Page>
  );
}

function Explained({ rule }: { rule: RuleExplained }) {
  const { t, language, date } = useWords();
  const english = language === "en";
  return (
    <>
      <h2>
        <Code>{rule.code}</Code> {english ? rule.message_en : rule.message_zh}
      </h2>
      <p>{(english ? rule.explanation_en : rule.explanation_zh) || t.open.noExplanation}</p>
      <dl className="facts">
        <dt>{t.open.severity}</dt>
        <dd>
          <SeverityBadge severity={rule.severity} />
        </dd>
        <dt>{t.open.scope}</dt>
        <dd>{wordFor(t.codes.scopes, rule.scope)}</dd>
        <dt>{t.open.field}</dt>
        <dd>{rule.field || "—"}</dd>
        <dt>{t.explain.mends}</dt>
        <dd>{wordFor(t.codes.menders, rule.who_mends)}</dd>
        <dt>{t.open.validFrom}</dt>
        <dd>{rule.valid_from ? date(rule.valid_from) : t.open.always}</dd>
        <dt>{t.open.validTo}</dt>
        <dd>{date(rule.valid_to)}</dd>
      </dl>
      <Example title={t.open.wrong} example={rule.wrong} />
      <Example title={t.open.right} example={rule.right} />
    </>
  );
}

function Example({ title, example }: { title: string; example: unknown }) {
  if (example === null || example === undefined) return null;
  return (
    <>
      <h3>{title}</h3>
      <pre>{JSON.stringify(example, null, 2)}</pre>
    </>
  );
}
