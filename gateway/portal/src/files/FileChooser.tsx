import { type DragEvent, useMemo, useRef, useState } from "react";
import { useRuleMessages } from "../api/ruleMessages";
import { ErrorSummary } from "../parts/ErrorSummary";
import { fileSize } from "../words/numbers";
import { useWords } from "../words/use";
import { type Refusal, withChosen } from "./chosen";

/** 「選擇檔案」, a drop zone, and the list with 「移除」. Refused files are named and not listed. */
export function FileChooser(props: {
  files: readonly File[];
  onFiles: (files: File[]) => void;
  /** Further mistakes, for example that nothing is chosen. */
  mistakes: readonly string[];
}) {
  const { files, onFiles, mistakes } = props;
  const { t } = useWords();
  const [refusals, setRefusals] = useState<Refusal[]>([]);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const messageOf = useRuleMessages();
  const errors = useMemo(
    () => [
      ...refusals.map(({ code, name }) => ({
        field: "choose-files",
        message: t.files.refusedFile(messageOf(code), name),
      })),
      ...mistakes.map((message) => ({ field: "choose-files", message })),
    ],
    [refusals, mistakes, messageOf, t],
  );
  const add = (chosen: readonly File[]) => {
    const next = withChosen(files, chosen);
    setRefusals(next.refusals);
    onFiles(next.files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files]);
  };
  return (
    <>
      <ErrorSummary errors={errors} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same */}
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <button
          type="button"
          id="choose-files"
          className="secondary"
          onClick={() => input.current?.click()}
        >
          {t.files.choose}
        </button>
        <span>{t.files.drop}</span>
        <span className="hint">{t.files.limits}</span>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept=".json,application/json"
          onChange={(event) => {
            add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      <ChosenFiles
        files={files}
        onRemove={(at) => {
          setRefusals([]);
          onFiles(files.filter((_, index) => index !== at));
          document.getElementById("choose-files")?.focus();
        }}
      />
    </>
  );
}

function ChosenFiles(props: { files: readonly File[]; onRemove: (at: number) => void }) {
  const { t } = useWords();
  return (
    <div aria-live="polite">
      {props.files.length === 0 && <p className="hint">{t.files.noneChosen}</p>}
      <ul className="chosen" aria-label={t.files.chosen}>
        {props.files.map((file, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be chosen twice
          <li key={`${file.name} ${at}`}>
            <span className="name">{file.name}</span>
            <span className="hint">{fileSize(file.size)}</span>
            <button
              type="button"
              className="link"
              aria-label={t.files.remove(file.name)}
              onClick={() => props.onRemove(at)}
            >
              {t.lists.remove}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
