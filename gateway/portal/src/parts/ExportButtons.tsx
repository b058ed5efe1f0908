import { useState } from "react";
import type { Query } from "../api/client";
import { downloadList, type ListFormat } from "../api/downloads";
import { useWords } from "../words/use";
import { Failed } from "./Failed";

const FORMATS: ListFormat[] = ["xlsx", "ods", "csv"];

/** 「匯出」 shows 「XLSX」「ODS」「CSV」; the whole filtered list is saved, not the page shown. */
export function ExportButtons(props: {
  path: string;
  params?: Record<string, string>;
  query?: Query;
  /** Said behind 「匯出」 where a page has several lists. */
  of?: string;
}) {
  const { path, params = {}, query = {}, of } = props;
  const { t, aside } = useWords();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ format: ListFormat; error: unknown } | null>(null);
  const save = async (format: ListFormat) => {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await downloadList(path, params, query, format);
      setOpen(false);
    } catch (error) {
      setFailure({ format, error });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="export">
      <button
        type="button"
        className="secondary"
        aria-expanded={open}
        aria-label={of ? t.lists.export + aside(of) : undefined}
        onClick={() => setOpen(!open)}
      >
        {t.lists.export}
      </button>
      {open &&
        FORMATS.map((format) => (
          <button key={format} type="button" className="secondary" onClick={() => save(format)}>
            {format.toUpperCase()}
          </button>
        ))}
      {busy && (
        <span role="status" className="loading">
          {t.lists.exporting}
        </span>
      )}
      {failure && <Failed error={failure.error} onRetry={() => save(failure.format)} />}
    </div>
  );
}
