import { useState } from "react";
import type { Answer } from "../../api/client";
import { useAnswer } from "../../api/queries";
import { useMay } from "../../app/acting";
import { Badge } from "../../parts/Badge";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { Page, Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";
import { LoadForm } from "./LoadForm";
import { LOAD_TONES, OneLoad } from "./OneLoad";

type ListedLoad = Answer<"/api/v1/table19/loads">["loads"][number];
const ADDRESS = { load: text(), ...tokenPages };
/** 表19載入: a new load, the one that is looked at, and the earlier ones. */
export default function Table19Page() {
  const { t } = useWords();
  const [{ load, page_token, n }, change] = useAddress(ADDRESS);
  const asked = useAnswer("/api/v1/table19/loads", { query: { page_token } }, { keep: true });
  const [sent, setSent] = useState<{ file: File; mode: string; authority: string } | null>(null);
  const columns = useColumns((id) => change({ load: id }));
  const mayForce = useMay("operator");
  return (
    <Page title={t.frame.titles.table19} lead={t.table19.intro}>
      <LoadForm
        again={mayForce ? sent : null}
        onLoaded={(id, what) => {
          setSent(what);
          change({ load: id });
          asked.refetch();
        }}
      />
      {load && <OneLoad key={load} id={load} onEnd={() => asked.refetch()} />}
      <Section title={t.table19.loads}>
        <Loaded asked={asked} what={t.table19.loads}>
          {(answer) => (
            <>
              <ExportButtons path="/api/v1/table19/loads" of={t.table19.loads} />
              <DataTable
                caption={t.table19.loads}
                columns={columns}
                rows={answer.loads}
                rowKey={({ load_id }) => load_id}
              />
              <TokenPages
                n={n}
                nextToken={answer.next_page_token}
                onNext={(token, page) => change({ page_token: token, n: page })}
                onFirst={() => change(firstPage)}
              />
            </>
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

function useColumns(onOpen: (id: string) => void): Column<ListedLoad>[] {
  const { t, time } = useWords();
  const modes: Record<string, string> = t.codes.load_modes;
  return [
    {
      key: "number",
      head: t.table19.number,
      rowHead: true,
      cell: (row) => (
        <button type="button" className="link" onClick={() => onOpen(row.load_id)}>
          {t.table19.detail(row.number === null ? "—" : String(row.number))}
        </button>
      ),
    },
    { key: "mode", head: t.table19.mode, cell: (row) => modes[row.mode] ?? row.mode },
    { key: "who", head: t.table19.authority, cell: (row) => <Code>{row.authority}</Code> },
    {
      key: "state",
      head: t.table19.state,
      cell: ({ state }) => <Badge tone={LOAD_TONES[state]}>{t.codes.load_states[state]}</Badge>,
    },
    { key: "rows", head: t.table19.rows, number: true, cell: (row) => count(row.rows) },
    { key: "persons", head: t.table19.persons, number: true, cell: (row) => count(row.persons) },
    { key: "moved", head: t.table19.changed, number: true, cell: (r) => count(r.persons_changed) },
    { key: "bad", head: t.table19.rejected, number: true, cell: (r) => count(r.rejected_count) },
    { key: "at", head: t.table19.committedAt, cell: (row) => time(row.committed_at) },
  ];
}
