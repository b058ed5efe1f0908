import { useState } from "react";
import type { Finding } from "../api/shapes";
import { Explain } from "../findings/Explain";
import { RecordTables, WholeFile } from "../findings/RecordTables";
import { RuleTable } from "../findings/RuleTable";
import { isOfFile, recordsFromFile } from "../findings/records";
import { Badge } from "../parts/Badge";
import { Tabs } from "../parts/Tabs";
import { count } from "../words/numbers";
import { useWords } from "../words/use";
import { zh } from "../words/zh";
import type { Checked } from "./checks";

/** Result of checking one file: passed or not first, then the findings as in 錯誤明細. */
export function CheckedFile({ checked }: { checked: Checked }) {
  const { file, result } = checked;
  const { t } = useWords();
  const passed = result.state === "PASSED";
  const { error_count: errors, warning_count: warnings, record_count: records } = result;
  return (
    <section className="section">
      <h3>{file.name}</h3>
      <p>
        <Badge tone={passed ? "done" : "wrong"}>{passed ? t.files.passed : t.files.failed}</Badge>{" "}
        {t.files.counts(count(records), count(errors), count(warnings))}
      </p>
      {result.skipped_rules.length > 0 && (
        <p className="hint">{t.files.skipped(result.skipped_rules.join(", "))}</p>
      )}
      {result.findings.length > 0 && <FoundInFile checked={checked} />}
    </section>
  );
}

function FoundInFile({ checked }: { checked: Checked }) {
  const { result, content } = checked;
  const { t } = useWords();
  const [tab, setTab] = useState<"records" | "rules">("records");
  const [code, setCode] = useState("");
  const [explained, setExplained] = useState<Finding | null>(null);
  const findings = result.findings.filter((finding) => !code || finding.code === code);
  const total = result.error_count + result.warning_count;
  return (
    <>
      <Tabs
        label={checked.file.name}
        tabs={[
          { key: "records", label: t.findings.byRecord },
          { key: "rules", label: t.findings.byRule },
        ]}
        chosen={tab}
        onChoose={setTab}
      >
        {tab === "records" ? (
          <>
            {code && (
              <p>
                {t.findings.filtered(code)}{" "}
                <button type="button" className="link" onClick={() => setCode("")}>
                  {t.findings.showAll}
                </button>
              </p>
            )}
            {result.findings.length < total && (
              <p className="hint">{t.files.more(count(result.findings.length), count(total))}</p>
            )}
            <WholeFile findings={findings.filter(isOfFile)} onExplain={setExplained} />
            <RecordTables
              records={recordsFromFile(content, findings, zh.fields)}
              onExplain={setExplained}
            />
          </>
        ) : (
          <RuleTable
            groups={result.groups}
            caption={t.findings.byRule}
            onCode={(one) => {
              setCode(one);
              setTab("records");
            }}
          />
        )}
      </Tabs>
      {explained && <Explain finding={explained} onClose={() => setExplained(null)} />}
    </>
  );
}
