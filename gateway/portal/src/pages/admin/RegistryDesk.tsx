import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { addressOf } from "../../api/client";
import { Problem } from "../../api/problem";
import type { RegistryChange, RegistryCounts } from "../../api/shapes";
import { uploadCsv } from "../../api/upload";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { Dialog } from "../../parts/Dialog";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Failed } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { count, fileSize } from "../../words/numbers";
import { useWords } from "../../words/use";
import { CsvChooser } from "../table19/LoadForm";

type Answer = RegistryCounts & { changes?: RegistryChange[] };
type Step = "dry_run" | "apply" | "confirm";

const QUERIES: Record<Step, Record<string, boolean>> = {
  dry_run: { dry_run: true },
  apply: {},
  confirm: { confirm: true },
};

/** 機關: what a file would change is shown before it is applied. */
export function RegistryDesk() {
  const { t } = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [progress, setProgress] = useState<[number, number]>([0, 0]);
  const load = useMutation({
    mutationFn: ({ csv, step }: { csv: File; step: Step }) =>
      uploadCsv<Answer>(
        addressOf("/api/v1/registry/agencies", { query: QUERIES[step] }),
        csv,
        (sent, total) => setProgress([sent, total]),
      ),
  });
  const start = (step: Step) => {
    setErrors(file ? [] : [{ field: "choose-csv", message: t.admin.chooseFirst }]);
    if (file && !load.isPending) load.mutate({ csv: file, step });
  };
  const failure = load.error;
  const needsConfirmation =
    failure instanceof Problem && failure.code === "confirmation_needed" ? failure.body : null;
  return (
    <Section title={t.admin.agencies}>
      <ErrorSummary errors={errors} />
      <CsvChooser
        file={file}
        onFile={(chosen) => {
          setFile(chosen);
          load.reset();
        }}
      />
      <div className="buttons">
        <button type="button" className="secondary" onClick={() => start("dry_run")}>
          {t.admin.dryRun}
        </button>
        <button type="button" className="primary" onClick={() => start("apply")}>
          {t.admin.apply}
        </button>
      </div>
      <div role="status">
        {load.isPending && (
          <p>{t.table19.uploading(fileSize(progress[0]), fileSize(progress[1]))}</p>
        )}
        {load.data && load.variables.step !== "dry_run" && <p>{t.admin.applied}</p>}
        {load.data && <Counts answer={load.data} />}
      </div>
      {failure && !needsConfirmation && <Failed error={failure} />}
      {load.data && <Details answer={load.data} />}
      {needsConfirmation && (
        <Dialog
          title={t.admin.confirmTitle}
          onClose={() => load.reset()}
          buttons={
            <>
              <button type="button" className="primary" onClick={() => start("confirm")}>
                {t.lists.confirm}
              </button>
              <button type="button" className="secondary" onClick={() => load.reset()}>
                {t.lists.cancel}
              </button>
            </>
          }
        >
          <p>{t.admin.confirmText(count(Number(needsConfirmation.changed)))}</p>
        </Dialog>
      )}
    </Section>
  );
}

function Counts({ answer }: { answer: Answer }) {
  const { t } = useWords();
  const { rows, added, changed, unchanged, rejected_count } = answer;
  return (
    <p>
      {t.admin.counts(
        count(rows),
        count(added),
        count(changed),
        count(unchanged),
        count(rejected_count),
      )}
    </p>
  );
}

function differing(change: RegistryChange, side: "before" | "after"): string {
  const values = change[side];
  const others = change[side === "before" ? "after" : "before"];
  return Object.entries(values ?? {})
    .filter(([name, value]) => value !== others?.[name] && value !== null && value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .join("，");
}

function Details({ answer }: { answer: Answer }) {
  const { t } = useWords();
  const changes: Column<RegistryChange>[] = [
    {
      key: "agency",
      head: t.lists.agencyCode,
      rowHead: true,
      cell: (row) => <Code>{row.agency}</Code>,
    },
    { key: "change", head: t.admin.change, cell: (row) => t.admin[row.change] },
    { key: "before", head: t.admin.before, cell: (row) => differing(row, "before") || "—" },
    { key: "after", head: t.admin.after, cell: (row) => differing(row, "after") || "—" },
  ];
  const rejected: Column<{ line: number; reason: string }>[] = [
    { key: "line", head: t.table19.lineNo, rowHead: true, cell: ({ line }) => line },
    { key: "reason", head: t.table19.reason, cell: ({ reason }) => reason },
  ];
  return (
    <>
      {answer.changes && (
        <DataTable
          caption={t.admin.wouldChange}
          captionHidden={false}
          columns={changes}
          rows={answer.changes}
          rowKey={({ agency }, at) => `${agency} ${at}`}
        />
      )}
      {answer.rejected.length > 0 && (
        <DataTable
          caption={t.table19.rejectedRows}
          captionHidden={false}
          columns={rejected}
          rows={answer.rejected}
          rowKey={({ line }, at) => `${line} ${at}`}
        />
      )}
    </>
  );
}
