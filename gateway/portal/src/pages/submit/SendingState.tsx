import { Link } from "react-router";
import type { FileOutcome } from "../../api/shapes";
import { useLiveSubmission } from "../../api/submissions";
import { pathFor, useActingFor } from "../../app/acting";
import { Badge, StateBadge } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { Failed } from "../../parts/Failed";
import { outcomeSentence } from "../../parts/outcomeSentence";
import { fileSize } from "../../words/numbers";
import { useWords } from "../../words/use";
import { allReceived, isBusy, type Sending } from "./useSending";

/** How far the sending is, in words and a bar, then every file's state in place. */
export function SendingState({ sending, onRetry }: { sending: Sending; onRetry: () => void }) {
  const { t } = useWords();
  if (sending.phase === "idle") return null;
  return (
    <section className="section">
      <h2>{t.submit.outcome}</h2>
      {isBusy(sending) && <Progress sending={sending} />}
      {sending.phase === "stopped" && (
        <>
          <Failed error={sending.error} onRetry={onRetry} />
          <p>{t.submit.gaveUp}</p>
        </>
      )}
      {allReceived(sending) && (
        <div className="note done" role="status">
          <p>
            <strong>{t.submit.safe}</strong>
          </p>
          <p>{t.submit.safeNext}</p>
        </div>
      )}
      {sending.outcomes.length > 0 && <SentFiles outcomes={sending.outcomes} />}
    </section>
  );
}

function Progress({ sending }: { sending: Sending }) {
  const { t } = useWords();
  const { sent, total, phase, tries } = sending;
  const uploaded = total > 0 && sent >= total;
  const words = uploaded ? t.submit.sent : t.submit.sending(fileSize(sent), fileSize(total));
  return (
    <div role="status">
      <p>{phase === "retrying" ? t.submit.retrying(tries) : words}</p>
      <progress aria-label={t.submit.send.concat("…")} value={sent} max={total || 1} />
    </div>
  );
}

function SentFiles({ outcomes }: { outcomes: readonly FileOutcome[] }) {
  const { t, time } = useWords();
  const columns: Column<FileOutcome>[] = [
    { key: "file", head: t.submit.file, rowHead: true, cell: (row) => row.file_name },
    { key: "result", head: t.submit.result, cell: (row) => <Result outcome={row} /> },
    {
      key: "at",
      head: t.outcome.receivedAt,
      cell: ({ receipt }) => time(receipt?.received_at),
    },
    { key: "id", head: t.outcome.id, cell: ({ receipt }) => receipt?.submission_id ?? "—" },
  ];
  return (
    <DataTable
      caption={t.submit.outcome}
      columns={columns}
      rows={outcomes}
      rowKey={(row, at) => `${row.file_name} ${at}`}
    />
  );
}

function Result({ outcome }: { outcome: FileOutcome }) {
  const { t, language } = useWords();
  if (outcome.receipt) return <LiveState id={outcome.receipt.submission_id} />;
  const { problem } = outcome;
  const why = language === "en" ? (problem?.title_en ?? problem?.title) : problem?.title;
  const words = {
    accepted: "",
    refused: t.submit.refused,
    unavailable: t.submit.unavailable,
    unknown: t.submit.unknown,
  };
  return (
    <>
      <Badge tone="wrong">{words[outcome.outcome]}</Badge> {why}
    </>
  );
}

function LiveState({ id }: { id: string }) {
  const { t, language } = useWords();
  const { agency } = useActingFor();
  const { data, error, refetch } = useLiveSubmission(id);
  if (!data)
    return error ? <Failed error={error} onRetry={refetch} /> : <StateBadge state="RECEIVED" />;
  return (
    <div role="status">
      <StateBadge state={data.state} /> {outcomeSentence(data, t, language)}{" "}
      <Link to={pathFor(agency.agency, `/submissions/${id}`)}>
        {t.submit.detail}
        <span className="sr-only"> {data.file_name}</span>
      </Link>
    </div>
  );
}
