import { type ReactNode, useId } from "react";
import { useWords } from "../words/use";

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Counts stand to the right, in figures of one width. */
  number?: boolean;
  /** The cell that names the row. */
  rowHead?: boolean;
  className?: (row: Row) => string | undefined;
}

interface Props<Row> {
  caption: string;
  /** The heading right above says the same already. */
  captionHidden?: boolean;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, index: number) => string;
  rowClass?: (row: Row) => string | undefined;
  foot?: ReactNode;
}

/** A plain table in its own labelled region, which scrolls sideways by itself. */
export function DataTable<Row>(props: Props<Row>) {
  const { caption, captionHidden = true, columns, rows, rowKey, rowClass, foot } = props;
  const { t } = useWords();
  const id = useId();
  return (
    <section className="table-region" aria-labelledby={id} tabIndex={0}>
      <table>
        <caption id={id} className={captionHidden ? "sr-only" : undefined}>
          {caption}
        </caption>
        <thead>
          <tr>
            {columns.map(({ key, head, number }) => (
              <th key={key} scope="col" className={number ? "number" : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length} className="empty">
                {t.lists.empty}
              </td>
            </tr>
          )}
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)} className={rowClass?.(row)}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </section>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const names = [column.number && "number", column.className?.(row)].filter(Boolean).join(" ");
  return column.rowHead ? (
    <th scope="row" className={names || undefined}>
      {column.cell(row)}
    </th>
  ) : (
    <td className={names || undefined}>{column.cell(row)}</td>
  );
}

export function Code({ children }: { children: ReactNode }) {
  return <bdi className="code">{children}</bdi>;
}

export function AgencyName({ name, abolished }: { name: string; abolished: boolean }) {
  const { t } = useWords();
  return (
    <>
      {name}
      {abolished && <span className="badge quiet">{t.lists.abolished}</span>}
    </>
  );
}
