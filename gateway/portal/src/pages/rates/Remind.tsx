import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { change as send } from "../../api/client";
import { refresh } from "../../api/queries";
import { Code } from "../../parts/DataTable";
import { Dialog } from "../../parts/Dialog";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Failed } from "../../parts/Failed";
import { count } from "../../words/numbers";
import { useWords, wordFor } from "../../words/use";

interface ReminderAnswer {
  sent: string[];
  skipped: { agency: string; reason: string }[];
}

/** The API takes so many codes at once. */
const AT_ONCE = 1000;
/** Of those that were skipped so many are named; the rest is a number. */
const NAMED = 20;

/** Agencies by code, with their names. */
export type Chosen = ReadonlyMap<string, string>;

async function remindAll(month: string, codes: string[]): Promise<ReminderAnswer> {
  const all: ReminderAnswer = { sent: [], skipped: [] };
  for (let at = 0; at < codes.length; at += AT_ONCE) {
    const agencies = codes.slice(at, at + AT_ONCE);
    const json = { month, agencies };
    const { sent, skipped } = await send<ReminderAnswer>("POST", "/api/v1/reminders", { json });
    all.sent.push(...sent);
    all.skipped.push(...skipped);
  }
  return all;
}

/** 「催報」: asks once, sends, and says who was left out and why. */
export function Remind(props: { month: string; chosen: Chosen; onSent: () => void }) {
  const { month, chosen, onSent } = props;
  const { t, month: shown } = useWords();
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [asking, setAsking] = useState(false);
  const remind = useMutation({
    mutationFn: async (agencies: Chosen) => ({
      ...(await remindAll(month, [...agencies.keys()])),
      names: agencies,
    }),
    onSuccess: onSent,
    // What was sent before a failure shows as well.
    onSettled: () => refresh("/api/v1/reminders"),
  });
  const ask = () => {
    setErrors(chosen.size ? [] : [{ field: "remind", message: t.rates.chooseFirst }]);
    setAsking(chosen.size > 0);
  };
  return (
    <>
      <button type="button" id="remind" className="primary" onClick={ask}>
        {t.rates.remind}
      </button>
      <ErrorSummary errors={errors} />
      <div role="status">
        {remind.isPending && <p>{t.rates.reminding}</p>}
        {remind.data && (
          <>
            <p>
              {t.rates.reminded(count(remind.data.sent.length), count(remind.data.skipped.length))}
            </p>
            <Skipped skipped={remind.data.skipped} names={remind.data.names} />
          </>
        )}
      </div>
      {remind.error && <Failed error={remind.error} onRetry={() => remind.mutate(chosen)} />}
      {asking && (
        <Dialog
          title={t.rates.remindTitle}
          onClose={() => setAsking(false)}
          buttons={
            <>
              <button
                type="button"
                className="primary"
                onClick={() => {
                  setAsking(false);
                  remind.mutate(chosen);
                }}
              >
                {t.lists.confirm}
              </button>
              <button type="button" className="secondary" onClick={() => setAsking(false)}>
                {t.lists.cancel}
              </button>
            </>
          }
        >
          <p>{t.rates.remindText(count(chosen.size), shown(month))}</p>
        </Dialog>
      )}
    </>
  );
}

function Skipped(props: { skipped: ReminderAnswer["skipped"]; names: Chosen }) {
  const { skipped, names } = props;
  const { t } = useWords();
  const more = skipped.length - NAMED;
  return (
    <ul>
      {skipped.slice(0, NAMED).map(({ agency, reason }) => (
        <li key={agency}>
          {names.get(agency)} <Code>{agency}</Code> {wordFor(t.codes.reminder_skips, reason)}
        </li>
      ))}
      {more > 0 && <li>{t.rates.andMore(count(more))}</li>}
    </ul>
  );
}
