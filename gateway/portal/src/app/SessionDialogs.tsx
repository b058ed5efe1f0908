import { useEffect, useState } from "react";
import { Dialog } from "../parts/Dialog";
import { useWords } from "../words/use";
import { logInAddress, stay, type Warning } from "./login";

/** 「即將自動登出」 and 「請重新登入」. Both cover the page; what stands on it is kept. */
const ASK_AGAIN_MS = 2000;

export function SessionDialogs({ warning, ask }: { warning: Warning; ask: () => Promise<void> }) {
  const { t } = useWords();
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    if (warning === "none") setWaiting(false);
  }, [warning]);
  useEffect(() => {
    if (!waiting) return;
    const timer = window.setInterval(ask, ASK_AGAIN_MS);
    return () => window.clearInterval(timer);
  }, [waiting, ask]);

  const logInAgain = () => {
    window.open(logInAddress("/auth/done"), "_blank", "popup,width=560,height=720");
    setWaiting(true);
  };
  const again = (
    <button type="button" className="primary" onClick={logInAgain}>
      {t.session.again}
    </button>
  );
  const note = waiting && <p role="status">{t.session.waiting}</p>;
  const shared = { opaque: true, stays: true, onClose: () => {} };

  if (warning === "idle")
    return (
      <Dialog
        key="idle"
        {...shared}
        title={t.session.soonTitle}
        buttons={
          <button type="button" className="primary" onClick={() => stay(ask).catch(ask)}>
            {t.session.stay}
          </button>
        }
      >
        <p>{t.session.soonText}</p>
      </Dialog>
    );
  if (warning === "end")
    return (
      <Dialog key="end" {...shared} title={t.session.endTitle} buttons={again}>
        <p>{t.session.endText}</p>
        {note}
      </Dialog>
    );
  if (warning === "over")
    return (
      <Dialog key="over" {...shared} title={t.session.overTitle} buttons={again}>
        <p>{t.session.overText}</p>
        {note}
      </Dialog>
    );
  return null;
}
