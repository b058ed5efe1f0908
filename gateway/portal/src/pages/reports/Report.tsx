import type { ReactNode } from "react";
import type { Query } from "../../api/client";
import { Chart } from "../../chart/Chart";
import type { Figures } from "../../chart/chart";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { useWords } from "../../words/use";

export interface PageOf {
  n: number;
  onNext: (token: string, n: number) => void;
  onFirst: () => void;
}

/** A chart and, under it, the same figures as a table. */
export function Report<Row>(props: {
  figures: Figures;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, at: number) => string;
  /** The list that 「匯出」 saves, if the API has it as a file. */
  path?: string;
  query: Query;
  updatedAt?: string | null;
  page?: PageOf & { nextToken: string };
  note?: ReactNode;
}) {
  const { figures, columns, rows, rowKey, path, query, updatedAt, page } = props;
  const { t, time } = useWords();
  return (
    <>
      {rows.length > 0 && (
        <Section title={figures.title}>
          <Chart figures={figures} />
        </Section>
      )}
      <Section title={t.reports.figures}>
        <div className="table-tools">
          <p>{updatedAt !== undefined && `${t.lists.updatedAt} ${time(updatedAt)}`}</p>
          {path && <ExportButtons path={path} query={query} />}
        </div>
        <DataTable caption={t.reports.figures} columns={columns} rows={rows} rowKey={rowKey} />
        {page && <TokenPages {...page} />}
      </Section>
    </>
  );
}
