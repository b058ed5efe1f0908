import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { CheckedFile } from "../../files/CheckedFile";
import { checkFiles } from "../../files/checks";
import { FileChooser } from "../../files/FileChooser";
import { ReadMe } from "../../files/ReadMe";
import { Failed } from "../../parts/Failed";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/use";

/** JSON檔檢核: what is wrong, file by file. Nothing is stored, and a pass is not a submission. */
export default function CheckPage() {
  const { t } = useWords();
  const [files, setFiles] = useState<File[]>([]);
  const [mistakes, setMistakes] = useState<string[]>([]);
  const check = useMutation({ mutationFn: (chosen: File[]) => checkFiles(chosen, false) });
  const start = () => {
    setMistakes(files.length ? [] : [t.files.chooseFirst]);
    if (files.length) check.mutate(files);
  };
  const choose = (chosen: File[]) => {
    setMistakes([]);
    setFiles(chosen);
    check.reset();
  };
  return (
    <Page title={t.frame.titles.check}>
      <ReadMe lines={t.files.checkHelp} />
      <FileChooser files={files} onFiles={choose} mistakes={mistakes} />
      <div className="buttons">
        <button type="button" className="primary" onClick={start}>
          {t.files.startCheck}
        </button>
      </div>
      <div role="status">{check.isPending && t.files.checking(files.length)}</div>
      {check.error && <Failed error={check.error} onRetry={start} />}
      {check.data && (
        <section className="subsection">
          <h2>{t.files.results}</h2>
          <p className="note warn">{check.data[0]?.result.note}</p>
          {check.data.map((checked, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be checked twice
            <CheckedFile key={`${checked.file.name} ${at}`} checked={checked} />
          ))}
        </section>
      )}
    </Page>
  );
}
