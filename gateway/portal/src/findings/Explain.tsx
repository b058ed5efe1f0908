import { useState } from "react";
import { useAnswer } from "../api/queries";
import type { Finding, RuleExplained } from "../api/shapes";
import { Code } from "../parts/DataTable";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import type { Speech } from "../words/use";
import { useWords, wordFor } from "../words/use";
import { nameOfField } from "./records";

/** What a vendor needs to mend the cause: no value of the file, no person. */
export function textForVendor(
  finding: Finding,
  rule: RuleExplained | undefined,
  { t, language }: Pick<Speech, "t" | "language">,
): string {
  const message = rule ? (language === "en" ? rule.message_en : rule.message_zh) : "";
  const explanation = rule && (language === "en" ? rule.explanation_en : rule.explanation_zh);
  const lines = [
    `${finding.code} ${message}`,
    `${t.findings.field}: ${finding.field} ${finding.field_name}`,
    `${t.explain.at}: ${finding.pointer}`,
    explanation,
    rule?.right ? `${t.explain.right}: ${JSON.stringify(rule.right)}` : "",
    rule?.wrong ? `${t.explain.wrong}: ${JSON.stringify(rule.wrong)}` : "",
  ];
  return lines.filter(Boolean).join("\n");
}

export function Explain({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const speech = useWords();
  const { t, language } = speech;
  const { data: rule } = useAnswer("/api/v1/rules/{code}", { params: { code: finding.code } });
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  const forVendor = textForVendor(finding, rule, speech);
  const copy = () =>
    navigator.clipboard.writeText(forVendor).then(
      () => setCopied("yes"),
      () => setCopied("failed"),
    );
  const rulePage = `/rules/${encodeURIComponent(finding.code)}`;
  return (
    <Dialog
      title={t.explain.title}
      onClose={onClose}
      buttons={
        <>
          <button type="button" className="primary" onClick={onClose}>
            {t.lists.close}
          </button>
          <button type="button" className="secondary" onClick={copy}>
            {t.explain.copy}
          </button>
          <a href={rulePage} target="_blank" rel="noreferrer">
            {t.explain.rulePage}
            <span className="sr-only">{t.lists.newWindow}</span>
            <Icon name="out" />
          </a>
        </>
      }
    >
      <p className={`finding-message ${finding.severity}`}>
        <Icon name={finding.severity} />
        <span>
          <Code>{finding.code}</Code> {language === "en" ? finding.message_en : finding.message}
        </span>
      </p>
      <dl className="facts">
        <dt>{t.findings.field}</dt>
        <dd>
          {nameOfField(finding.field, t, finding.kind) ??
            (finding.field_name || finding.field || "—")}
        </dd>
        <dt>{t.explain.found}</dt>
        <dd>{finding.value === null ? "—" : `「${finding.value}」`}</dd>
        <dt>{t.explain.expected}</dt>
        <dd>{finding.expected ?? "—"}</dd>
        <dt>{t.explain.mends}</dt>
        <dd>{wordFor(t.codes.menders, rule?.who_mends)}</dd>
      </dl>
      {rule && <p>{language === "en" ? rule.explanation_en : rule.explanation_zh}</p>}
      {rule?.right != null && (
        <>
          <h3>{t.explain.right}</h3>
          <pre>{JSON.stringify(rule.right, null, 1)}</pre>
        </>
      )}
      <p role="status">
        {copied === "yes" && t.explain.copied}
        {copied === "failed" && t.explain.copyFailed}
      </p>
      {copied === "failed" && <pre>{forVendor}</pre>}
    </Dialog>
  );
}
