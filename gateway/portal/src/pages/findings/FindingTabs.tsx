import { type ReactNode, useState } from "react";
import type { FileRecord, Finding, Group } from "../../api/shapes";
import { Explain } from "../../findings/Explain";
import { RecordTables, WholeFile } from "../../findings/RecordTables";
import { RuleTable } from "../../findings/RuleTable";
import { useNextFound } from "../../findings/useNextFound";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { Tabs } from "../../parts/Tabs";
import { useWords } from "../../words/use";

type Mode = "records" | "rules";
export interface Exported {
  path: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}
export interface RecordPage {
  records: FileRecord[];
  wholeFile: Finding[];
  /** Why there are no records, or that their values are not for this person. */
  note?: string;
}

/** 錯誤明細 in its two modes, with the bridge from a rule to its records. */
export function FindingTabs(props: {
  tab: Mode;
  onTab: (tab: Mode) => void;
  code: string;
  onCode: (code: string) => void;
  records: Asked<RecordPage>;
  groups: Asked<{ groups: Group[] }>;
  exports: Record<Mode, Exported>;
  paging?: ReactNode;
  withFile?: boolean;
}) {
  const { tab, onTab, code, onCode, records, groups, exports, paging, withFile } = props;
  const { t } = useWords();
  const [explained, setExplained] = useState<Finding | null>(null);
  const tabs = [
    { key: "records", label: t.findings.byRecord },
    { key: "rules", label: t.findings.byRule },
  ] as const;
  return (
    <>
      <Tabs label={t.frame.titles.findings} tabs={tabs} chosen={tab} onChoose={onTab}>
        <div className="table-tools">
          {code && tab === "records" ? (
            <p>
              {t.findings.filtered(code)}{" "}
              <button type="button" className="link" onClick={() => onCode("")}>
                {t.findings.showAll}
              </button>
            </p>
          ) : (
            <span />
          )}
          <ExportButtons {...exports[tab]} />
        </div>
        {tab === "records" ? (
          <Loaded asked={records} what={t.findings.byRecord}>
            {(data) => (
              <>
                {data.note && <p className="note">{data.note}</p>}
                <WholeFile findings={data.wholeFile} onExplain={setExplained} withFile={withFile} />
                {data.records.length > 0 && <FindingKeys />}
                <RecordTables records={data.records} onExplain={setExplained} withFile={withFile} />
                {paging}
              </>
            )}
          </Loaded>
        ) : (
          <Loaded asked={groups} what={t.findings.byRule}>
            {(data) => (
              <RuleTable groups={data.groups} caption={t.findings.byRule} onCode={onCode} />
            )}
          </Loaded>
        )}
      </Tabs>
      {explained && <Explain finding={explained} onClose={() => setExplained(null)} />}
    </>
  );
}

/** Says that there are keys from one found cell to the next, and switches them off. */
function FindingKeys() {
  const { t } = useWords();
  const [on, setOn] = useNextFound();
  return (
    <label className="check">
      <input type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} />
      {t.findings.keys}
    </label>
  );
}
