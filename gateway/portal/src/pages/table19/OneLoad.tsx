import { useEffect } from "react";
import { isNoObject } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import type { RejectedRow, Table19Load } from "../../api/shapes";
import { NotFound } from "../../app/StatePages";
import { Badge, type Tone } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";

export const LOAD_TONES: Record<Table19Load["state"], Tone> = {
  RECEIVED: "open",
  LOADED: "done",
  REFUSED: "wrong",
  FAILED: "wrong",
};
const POLL_MS = 3000;

/** Counts, rejected lines and re-match of one load, followed until all of it is done. */
const isFollowed = (load: Table19Load | undefined) => {
  if (!load || load.state === "RECEIVED") return true;
  const { persons, done } = load.rematch;
  return load.state === "LOADED" && (persons ?? 0) > (done ?? 0);
};

export function OneLoad({ id, onEnd }: { id: string; onEnd: () => void }) {
  const { t } = useWords();
  const asked = useAnswer(
    "/api/v1/table19/loads/{id}",
    { params: { id } },
    { refetchInterval: (latest) => (isFollowed(latest) ? POLL_MS : false) },
  );
  const state = asked.data?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when the state changes
  useEffect(() => {
    if (state && state !== "RECEIVED") onEnd();
  }, [state]);
  if (isNoObject(asked.error)) return <NotFound />;
  return (
    <Section title={t.table19.current}>
      <Loaded asked={asked} what={t.table19.current}>
        {(load) => <Shown load={load} />}
      </Loaded>
    </Section>
  );
}

function Shown({ load }: { load: Table19Load }) {
  const { t, time } = useWords();
  const { persons, done } = load.rematch;
  const columns: Column<RejectedRow>[] = [
    { key: "line", head: t.table19.lineNo, rowHead: true, cell: ({ line }) => line },
    { key: "reason", head: t.table19.reason, cell: ({ reason }) => reason },
  ];
  return (
    <>
      <p role="status">
        <Badge tone={LOAD_TONES[load.state]}>{t.codes.load_states[load.state]}</Badge> {load.reason}
      </p>
      {load.state === "REFUSED" && <p className="note warn">{t.table19.refusedHint}</p>}
      <dl className="facts">
        <dt>{t.table19.rows}</dt>
        <dd>{count(load.rows)}</dd>
        <dt>{t.table19.persons}</dt>
        <dd>{count(load.persons)}</dd>
        <dt>{t.table19.changed}</dt>
        <dd>{count(load.persons_changed)}</dd>
        <dt>{t.table19.kept}</dt>
        <dd>{count(load.persons_kept)}</dd>
        <dt>{t.table19.rejected}</dt>
        <dd>{count(load.rejected_count)}</dd>
        {load.ignored_columns.length > 0 && (
          <>
            <dt>{t.table19.ignored}</dt>
            <dd>{load.ignored_columns.join("、")}</dd>
          </>
        )}
        <dt>{t.table19.committedAt}</dt>
        <dd>{time(load.committed_at)}</dd>
      </dl>
      {persons !== null && (
        <div role="status">
          <p>{t.table19.rematchOf(count(done ?? 0), count(persons))}</p>
          <progress aria-label={t.table19.rematch} value={done ?? 0} max={persons || 1} />
        </div>
      )}
      {load.rejected.length > 0 && (
        <>
          <h3>{t.table19.rejectedRows}</h3>
          <ExportButtons
            path="/api/v1/table19/loads/{id}/rejected"
            params={{ id: load.load_id }}
            of={t.table19.rejectedRows}
          />
          <DataTable
            caption={t.table19.rejectedRows}
            columns={columns}
            rows={load.rejected}
            rowKey={({ line }, at) => `${line} ${at}`}
          />
        </>
      )}
    </>
  );
}
