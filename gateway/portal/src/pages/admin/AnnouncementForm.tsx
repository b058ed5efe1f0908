import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { change as send } from "../../api/client";
import { refresh, useAnswer } from "../../api/queries";
import type { Announcement } from "../../api/shapes";
import { AnnouncementDialog } from "../../parts/AnnouncementDialog";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Failed, Loaded } from "../../parts/Failed";
import { choicesOf, SelectField, TextField } from "../../parts/fields";
import { typedTime } from "../../words/typedTime";
import { useWords } from "../../words/use";
import { Attachments } from "./Attachments";

interface Draft {
  title: string;
  body: string;
  audience: string;
  publish: string;
  expire: string;
}
const MOST_TITLE = 200;
const MOST_BODY = 20_000;

/** Writes a new announcement or changes one; the text of one that exists is asked for first. */
export function AnnouncementForm(props: { before: Announcement | null; onEnd: () => void }) {
  const { before, onEnd } = props;
  const { t } = useWords();
  const asked = useAnswer(
    "/api/v1/announcements/{id}",
    { params: { id: before?.id ?? "" } },
    { enabled: before !== null },
  );
  if (!before) return <Form before={null} onEnd={onEnd} />;
  return (
    <Loaded asked={asked} what={t.admin.announcements}>
      {(whole) => <Form before={whole} onEnd={onEnd} />}
    </Loaded>
  );
}

function useDraft(before: Announcement | null) {
  const { time } = useWords();
  const [draft, setDraft] = useState<Draft>({
    title: before?.title ?? "",
    body: before?.body ?? "",
    audience: before?.audience ?? "members",
    publish: before ? time(before.published_at) : "",
    expire: before?.expires_at ? time(before.expires_at) : "",
  });
  const put = (name: keyof Draft) => (value: string) =>
    setDraft((was) => ({ ...was, [name]: value }));
  return [draft, put] as const;
}

function Form({ before, onEnd }: { before: Announcement | null; onEnd: () => void }) {
  const { t } = useWords();
  const [draft, put] = useDraft(before);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [preview, setPreview] = useState(false);
  const [saved, setSaved] = useState<Announcement | null>(before);
  const save = useMutation({
    mutationFn: () => {
      const json = {
        title: draft.title.trim(),
        body: draft.body,
        audience: draft.audience,
        published_at: draft.publish.trim() ? typedTime(draft.publish) : null,
        expires_at: draft.expire.trim() ? typedTime(draft.expire) : null,
      };
      return saved
        ? send<Announcement>("PUT", `/api/v1/announcements/${saved.id}`, { json })
        : send<Announcement>("POST", "/api/v1/announcements", { json });
    },
    onSuccess: (announcement) => {
      setSaved(announcement);
      refresh("/api/v1/announcements");
    },
  });
  const mistakes = useMistakes(draft);
  const press = () => {
    setErrors(mistakes);
    if (mistakes.length === 0) save.mutate();
  };
  useEffect(() => document.getElementById("title")?.focus(), []);
  return (
    <div className="subsection">
      <ErrorSummary errors={errors} />
      <Fields draft={draft} put={put} errors={errors} />
      {save.error && <Failed error={save.error} onRetry={press} />}
      <p role="status">{save.isSuccess && t.admin.saved}</p>
      <div className="buttons">
        <button type="button" className="secondary" onClick={() => setPreview(true)}>
          {t.admin.preview}
        </button>
        <button type="button" className="primary" onClick={press}>
          {t.admin.save}
        </button>
        <button type="button" className="secondary" onClick={onEnd}>
          {t.lists.close}
        </button>
      </div>
      {saved && <Attachments announcement={saved} onChanged={setSaved} />}
      {preview && (
        <AnnouncementDialog
          announcement={{
            title: draft.title || "—",
            body: draft.body,
            published_at: typedTime(draft.publish) ?? new Date().toISOString(),
            attachments: [],
          }}
          onClose={() => setPreview(false)}
        />
      )}
    </div>
  );
}

function useMistakes(draft: Draft): FieldError[] {
  const { t } = useWords();
  const found: FieldError[] = [];
  const title = draft.title.trim();
  if (!title || [...title].length > MOST_TITLE)
    found.push({ field: "title", message: t.admin.titleNeeded });
  if (!draft.body.trim() || [...draft.body].length > MOST_BODY)
    found.push({ field: "body", message: t.admin.bodyNeeded });
  if (draft.publish.trim() && !typedTime(draft.publish))
    found.push({ field: "publish", message: t.admin.badTime(t.admin.publishAt) });
  if (draft.expire.trim() && !typedTime(draft.expire))
    found.push({ field: "expire", message: t.admin.badTime(t.admin.expireAt) });
  return found;
}

function Fields(props: {
  draft: Draft;
  put: (name: keyof Draft) => (value: string) => void;
  errors: FieldError[];
}) {
  const { draft, put, errors } = props;
  const { t } = useWords();
  const shared = { errors };
  return (
    <>
      <TextField
        id="title"
        label={t.admin.titleField}
        wide
        value={draft.title}
        onChange={put("title")}
        {...shared}
      />
      <TextField
        id="body"
        label={t.admin.body}
        rows={8}
        value={draft.body}
        onChange={put("body")}
        {...shared}
      />
      <div className="ask">
        <SelectField
          id="audience"
          label={t.admin.audience}
          value={draft.audience}
          choices={choicesOf(t.codes.audiences)}
          onChange={put("audience")}
        />
        <TextField
          id="publish"
          label={t.admin.publishAt}
          hint={t.admin.timeHint}
          value={draft.publish}
          onChange={put("publish")}
          {...shared}
        />
        <TextField
          id="expire"
          label={t.admin.expireAt}
          hint={t.admin.expireHint}
          value={draft.expire}
          onChange={put("expire")}
          {...shared}
        />
      </div>
    </>
  );
}
