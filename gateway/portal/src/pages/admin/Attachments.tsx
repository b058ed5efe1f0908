import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { read, change as send } from "../../api/client";
import { refresh } from "../../api/queries";
import type { Announcement } from "../../api/shapes";
import { Failed } from "../../parts/Failed";
import { fileSize } from "../../words/numbers";
import { useWords } from "../../words/use";

/** 附件 of a saved announcement; which files are taken the platform decides by their content. */
export function Attachments(props: {
  announcement: Announcement;
  onChanged: (announcement: Announcement) => void;
}) {
  const { announcement, onChanged } = props;
  const { t, aside } = useWords();
  const path = `/api/v1/announcements/${announcement.id}/attachments`;
  const [file, setFile] = useState<File | null>(null);
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: async () => {
      const { id } = announcement;
      onChanged(await read("/api/v1/announcements/{id}", { params: { id } }));
      refresh("/api/v1/announcements");
    },
  });
  const upload = () => {
    if (!file) return document.getElementById("attachment")?.focus();
    const body = new FormData();
    body.append("file", file, file.name);
    act.mutate(() => send("POST", path, { body }));
  };
  return (
    <>
      <ul className="chosen">
        {announcement.attachments.map(({ n, file_name, size_bytes }) => (
          <li key={n}>
            {file_name + aside(fileSize(size_bytes))}
            <button
              type="button"
              className="link"
              onClick={() => act.mutate(() => send("DELETE", `${path}/${n}`))}
            >
              {t.lists.remove}
              <span className="sr-only"> {file_name}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="ask">
        <div className="field">
          <label htmlFor="attachment">{t.admin.attachment}</label>
          <input
            id="attachment"
            type="file"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </div>
        <button type="button" className="secondary" onClick={upload}>
          {t.admin.attach}
        </button>
      </div>
      {act.error && <Failed error={act.error} />}
    </>
  );
}
