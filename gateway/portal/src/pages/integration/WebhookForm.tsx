import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { change as send } from "../../api/client";
import { Problem } from "../../api/problem";
import { Dialog } from "../../parts/Dialog";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Failed, useProblemText } from "../../parts/Failed";
import { TextField } from "../../parts/fields";
import { useWords } from "../../words/use";

const isRefused = (error: unknown) => error instanceof Problem && error.status === 400;

/** What 「測試」 sends; nobody chooses it. */
const TEST = "webhook.test";

/** 「新增」: address and events. The platform decides which addresses it takes. */
export function WebhookForm(props: { onCancel: () => void; onAdded: (secret: string) => void }) {
  const { t } = useWords();
  const names = Object.entries(t.codes.events).filter(([event]) => event !== TEST);
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<string[]>(names.map(([event]) => event));
  const [errors, setErrors] = useState<FieldError[]>([]);
  const problemText = useProblemText();
  const add = useMutation({
    gcTime: 0, // its answer has the secret
    mutationFn: () =>
      send<{ secret: string }>("POST", "/api/v1/webhooks", { json: { url: url.trim(), events } }),
    onSuccess: ({ secret }) => props.onAdded(secret),
    onError: (error) => {
      if (isRefused(error)) setErrors([{ field: "url", message: problemText(error).detail }]);
    },
  });
  const save = () => {
    const found: FieldError[] = [];
    if (!url.trim()) found.push({ field: "url", message: t.integration.urlNeeded });
    if (!events.length) found.push({ field: "event-0", message: t.integration.eventNeeded });
    setErrors(found);
    add.reset();
    if (found.length === 0) add.mutate();
  };
  useEffect(() => document.getElementById("url")?.focus(), []);
  const toggle = (event: string) =>
    setEvents(events.includes(event) ? events.filter((one) => one !== event) : [...events, event]);
  return (
    <form
      className="subsection"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <ErrorSummary errors={errors} />
      <TextField
        id="url"
        label={t.integration.url}
        hint="https://"
        inputMode="url"
        wide
        errors={errors}
        value={url}
        onChange={setUrl}
      />
      <fieldset>
        <legend>{t.integration.events}</legend>
        {names.map(([event, name], at) => (
          <label key={event} className="check">
            <input
              type="checkbox"
              id={`event-${at}`}
              checked={events.includes(event)}
              onChange={() => toggle(event)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {add.error && !isRefused(add.error) && (
        <Failed error={add.error} onRetry={() => add.mutate()} />
      )}
      <div className="buttons">
        <button type="submit" className="primary">
          {t.integration.save}
        </button>
        <button type="button" className="secondary" onClick={props.onCancel}>
          {t.lists.cancel}
        </button>
      </div>
    </form>
  );
}

/** The secret is shown once and kept nowhere in the portal. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useWords();
  const [copied, setCopied] = useState("");
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => setCopied(t.integration.copied),
      () => setCopied(t.integration.copyFailed),
    );
  return (
    <Dialog
      title={t.integration.secretTitle}
      stays
      onClose={onClose}
      buttons={
        <>
          <button type="button" className="primary" onClick={onClose}>
            {t.lists.close}
          </button>
          <button type="button" className="secondary" onClick={copy}>
            {t.integration.copy}
          </button>
        </>
      }
    >
      <p>{t.integration.secretText}</p>
      <pre className="secret">{secret}</pre>
      <p role="status">{copied}</p>
    </Dialog>
  );
}
