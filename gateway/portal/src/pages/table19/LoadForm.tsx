import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { addressOf } from "../../api/client";
import { uploadCsv } from "../../api/upload";
import { useActingFor } from "../../app/acting";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Failed } from "../../parts/Failed";
import { choicesOf, SelectField, TextField } from "../../parts/fields";
import { Section } from "../../parts/Page";
import { fileSize } from "../../words/numbers";
import { useWords } from "../../words/use";

export interface Sent {
  file: File;
  mode: string;
  authority: string;
}

/** Upload of a Table 19 file; an operator may force the one that was just refused. */
export function LoadForm(props: {
  again: Sent | null;
  onLoaded: (loadId: string, sent: Sent) => void;
}) {
  const { again, onLoaded } = props;
  const { t } = useWords();
  const { agency } = useActingFor();
  const [mode, setMode] = useState("snapshot");
  const [authority, setAuthority] = useState(agency.agency);
  const [file, setFile] = useState<File | null>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [progress, setProgress] = useState<[number, number]>([0, 0]);
  const load = useMutation({
    mutationFn: async ({ sent, force }: { sent: Sent; force: boolean }) => {
      const query = { mode: sent.mode, authority: sent.authority, force: force || undefined };
      const address = addressOf("/api/v1/table19/loads", { query });
      const answer = await uploadCsv<{ load_id: string }>(address, sent.file, (done, total) =>
        setProgress([done, total]),
      );
      onLoaded(answer.load_id, sent);
    },
  });
  const start = () => {
    const found: FieldError[] = [];
    if (!file) found.push({ field: "choose-csv", message: t.table19.chooseFirst });
    if (!authority.trim()) found.push({ field: "authority", message: t.table19.authorityNeeded });
    setErrors(found);
    if (file && found.length === 0 && !load.isPending)
      load.mutate({ sent: { file, mode, authority: authority.trim() }, force: false });
  };
  return (
    <Section title={t.table19.file}>
      <ErrorSummary errors={errors} />
      <div className="ask">
        <SelectField
          id="mode"
          label={t.table19.mode}
          value={mode}
          choices={choicesOf(t.codes.load_modes)}
          onChange={setMode}
        />
        <TextField
          id="authority"
          label={t.table19.authority}
          errors={errors}
          value={authority}
          onChange={setAuthority}
        />
        <CsvChooser file={file} onFile={setFile} />
      </div>
      <div className="buttons">
        <button type="button" className="primary" onClick={start}>
          {t.table19.load}
        </button>
        {again && (
          <button
            type="button"
            className="danger"
            onClick={() => load.mutate({ sent: again, force: true })}
          >
            {t.table19.force}
          </button>
        )}
      </div>
      <div role="status">
        {load.isPending && (
          <>
            <p>{t.table19.uploading(fileSize(progress[0]), fileSize(progress[1]))}</p>
            <progress aria-label={t.table19.file} value={progress[0]} max={progress[1] || 1} />
          </>
        )}
        {load.isSuccess && <p>{t.table19.queued}</p>}
      </div>
      {load.error && <Failed error={load.error} onRetry={start} />}
    </Section>
  );
}

/** 「選擇檔案」 for one CSV. */
export function CsvChooser(props: { file: File | null; onFile: (file: File) => void }) {
  const { t, aside } = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div>
      <button
        type="button"
        id="choose-csv"
        className="secondary"
        onClick={() => input.current?.click()}
      >
        {t.files.choose}
      </button>{" "}
      <span aria-live="polite">
        {props.file ? props.file.name + aside(fileSize(props.file.size)) : t.files.noneChosen}
      </span>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,text/csv"
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          if (chosen) props.onFile(chosen);
          event.target.value = "";
        }}
      />
    </div>
  );
}
