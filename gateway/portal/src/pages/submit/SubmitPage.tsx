import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useActingFor } from "../../app/acting";
import { CheckedFile } from "../../files/CheckedFile";
import { checkFiles, contentOf } from "../../files/checks";
import { FileChooser } from "../../files/FileChooser";
import { ReadMe } from "../../files/ReadMe";
import { Dialog } from "../../parts/Dialog";
import { Failed } from "../../parts/Failed";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/use";
import { ComparisonList } from "./ComparisonList";
import { reasonsToAsk } from "./reasonsToAsk";
import { SendingState } from "./SendingState";
import { allReceived, isBusy, useSending } from "./useSending";
import { ZeroReport } from "./ZeroReport";

/** 手動報送: choose, test if wanted, send, and see every file through to its end. */
export default function SubmitPage() {
  const { t } = useWords();
  const { agency, delegated } = useActingFor();
  const [files, setFiles] = useState<File[]>([]);
  const [mistakes, setMistakes] = useState<string[]>([]);
  const [reasons, setReasons] = useState<string[]>([]);
  const test = useMutation({ mutationFn: (chosen: File[]) => checkFiles(chosen, true) });
  const { sending, send, retry } = useSending();
  const received = allReceived(sending);
  const { reset } = test;
  useEffect(() => {
    if (!received) return;
    setFiles([]);
    reset();
  }, [received, reset]);
  useLeaveWarning(isBusy(sending));

  const withFiles = (act: () => void) => {
    setMistakes(files.length ? [] : [t.files.chooseFirst]);
    if (files.length && !isBusy(sending)) act();
  };
  const press = () =>
    withFiles(async () => {
      const contents = await Promise.all(
        files.map(async (file) => ({ name: file.name, content: await contentOf(file) })),
      );
      const acting = { code: agency.agency, name: agency.name, delegated };
      const found = reasonsToAsk(contents, test.data, acting, t);
      if (found.length) setReasons(found);
      else send(files);
    });
  const sentence = t.submit.inTheNameOf(agency.name, files.length);
  return (
    <Page title={t.frame.titles.submit}>
      <ReadMe lines={t.files.submitHelp} />
      <FileChooser
        files={files}
        onFiles={(chosen) => {
          setMistakes([]);
          setFiles(chosen);
          reset();
        }}
        mistakes={mistakes}
      />
      <div className="buttons">
        <button
          type="button"
          className="secondary"
          onClick={() => withFiles(() => test.mutate(files))}
        >
          {t.submit.test}
        </button>
        <button type="button" className="primary" onClick={press}>
          {t.submit.send}
        </button>
        {files.length > 0 && <span>{sentence}</span>}
      </div>
      <div role="status">{test.isPending && t.files.checking(files.length)}</div>
      {test.error && <Failed error={test.error} onRetry={() => test.mutate(files)} />}
      <SendingState sending={sending} onRetry={retry} />
      {test.data && !received && <Tested checked={test.data} />}
      <ZeroReport onSend={(file) => !isBusy(sending) && send([file])} />
      {reasons.length > 0 && (
        <Confirm
          sentence={sentence}
          reasons={reasons}
          onCancel={() => setReasons([])}
          onSend={() => {
            setReasons([]);
            send(files);
          }}
        />
      )}
    </Page>
  );
}

function Tested({ checked }: { checked: Awaited<ReturnType<typeof checkFiles>> }) {
  const { t } = useWords();
  return (
    <>
      <section className="subsection">
        <h2>{t.files.results}</h2>
        {checked.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be tested twice
          <div key={`${one.file.name} ${at}`}>
            <CheckedFile checked={one} />
            <ComparisonList comparison={one.result.comparison} />
          </div>
        ))}
      </section>
      <div className="not-sent" role="status">
        <p>{t.submit.notSentYet}</p>
      </div>
    </>
  );
}

function Confirm(props: {
  sentence: string;
  reasons: readonly string[];
  onCancel: () => void;
  onSend: () => void;
}) {
  const { t } = useWords();
  return (
    <Dialog
      title={t.submit.confirmTitle}
      onClose={props.onCancel}
      buttons={
        <>
          <button type="button" className="primary" onClick={props.onSend}>
            {t.submit.sendAnyway}
          </button>
          <button type="button" className="secondary" onClick={props.onCancel}>
            {t.lists.cancel}
          </button>
        </>
      }
    >
      <p>{t.submit.confirmLead(props.sentence)}</p>
      <ul>
        {props.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Dialog>
  );
}

/** The browser asks before a page is left while files are on their way. */
function useLeaveWarning(busy: boolean) {
  useEffect(() => {
    if (!busy) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [busy]);
}
