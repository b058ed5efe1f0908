import { useAnswer } from "../../api/queries";
import type { QuarantinedFile } from "../../api/shapes";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress, wholeNumber } from "../../state/address";
import { useWords } from "../../words/use";

const ADDRESS = { quarantine_token: text(), quarantine_n: wholeNumber(1) };

/** 隔離檔案: files that a stage gave up; mended by the operator's own commands. */
export function Quarantine() {
  const { t, time } = useWords();
  const [{ quarantine_token, quarantine_n }, change] = useAddress(ADDRESS);
  const asked = useAnswer("/api/v1/quarantine", { query: { page_token: quarantine_token } });
  const columns: Column<QuarantinedFile>[] = [
    {
      key: "id",
      head: t.outcome.id,
      rowHead: true,
      cell: (row) => <Code>{row.submission_id}</Code>,
    },
    { key: "agency", head: t.lists.agencyCode, cell: (row) => <Code>{row.agency}</Code> },
    { key: "stage", head: t.admin.stage, cell: (row) => row.stage },
    { key: "reason", head: t.admin.reason, cell: (row) => row.reason },
    { key: "at", head: t.admin.time, cell: (row) => time(row.at) },
  ];
  return (
    <Section title={t.admin.quarantine}>
      <Loaded asked={asked} what={t.admin.quarantine}>
        {(data) => (
          <>
            <DataTable
              caption={t.admin.quarantine}
              columns={columns}
              rows={data.files}
              rowKey={({ submission_id }, at) => `${submission_id} ${at}`}
            />
            <TokenPages
              n={quarantine_n}
              nextToken={data.next_page_token}
              onNext={(token, page) => change({ quarantine_token: token, quarantine_n: page })}
              onFirst={() => change({ quarantine_token: "", quarantine_n: 1 })}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}
