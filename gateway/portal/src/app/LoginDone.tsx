import { useEffect } from "react";
import { Page } from "../parts/Page";
import { useWords } from "../words/use";
import { sameTabs } from "./tabs";

/** End of a login in a window of its own: tells the page that waits, and closes itself. */
export function LoginDone() {
  const { t } = useWords();
  useEffect(() => {
    sameTabs.tell("logged in");
    window.close();
  }, []);
  return (
    <main>
      <Page title={t.session.doneTitle} lead={t.session.doneText} />
    </main>
  );
}
