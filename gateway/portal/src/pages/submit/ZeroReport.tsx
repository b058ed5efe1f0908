import { useEffect, useState } from "react";
import { serverNow } from "../../api/client";
import { useActingFor } from "../../app/acting";
import { Dialog } from "../../parts/Dialog";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { TextField } from "../../parts/fields";
import { isoMonth, useAddress } from "../../state/address";
import { monthBefore, thisMonth, typedMonth } from "../../words/dates";
import { useWords } from "../../words/use";
import { zeroReport } from "./zeroFile";

const ADDRESS = { month: isoMonth(monthBefore(thisMonth())) };

/** 「本月無資料」: a month, one confirmation, and a zero report is sent. */
export function ZeroReport({ onSend }: { onSend: (file: File) => void }) {
  const { t, month: shown } = useWords();
  const { agency } = useActingFor();
  const [{ month }] = useAddress(ADDRESS);
  const [asking, setAsking] = useState<string | null>(null);
  const [typed, setTyped] = useState(shown(month));
  const [errors, setErrors] = useState<FieldError[]>([]);
  useEffect(() => setTyped(shown(month)), [month, shown]);
  const ask = () => {
    const wanted = typedMonth(typed);
    setErrors(wanted ? [] : [{ field: "month", message: t.lists.badMonth(t.lists.month) }]);
    setAsking(wanted);
  };
  const confirm = (wanted: string) => {
    setAsking(null);
    onSend(zeroReport(agency.agency, wanted, serverNow()));
  };
  return (
    <section className="section">
      <h2>{t.submit.zeroHeading}</h2>
      <ErrorSummary errors={errors} />
      <form
        className="ask"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <TextField
          id="month"
          label={t.lists.month}
          hint={t.lists.monthHint}
          errors={errors}
          value={typed}
          onChange={setTyped}
        />
        <button type="submit" className="secondary">
          {t.submit.zero}
        </button>
      </form>
      {asking && (
        <Dialog
          title={t.submit.zeroTitle}
          onClose={() => setAsking(null)}
          buttons={
            <>
              <button type="button" className="primary" onClick={() => confirm(asking)}>
                {t.lists.confirm}
              </button>
              <button type="button" className="secondary" onClick={() => setAsking(null)}>
                {t.lists.cancel}
              </button>
            </>
          }
        >
          <p>{t.submit.zeroText(agency.name, agency.agency, shown(asking))}</p>
        </Dialog>
      )}
    </section>
  );
}
