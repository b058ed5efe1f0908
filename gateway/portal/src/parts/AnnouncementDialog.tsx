import { addressOf } from "../api/client";
import type { Announcement } from "../api/shapes";
import { useActing } from "../app/acting";
import { fileSize } from "../words/numbers";
import { useWords } from "../words/use";
import { Dialog } from "./Dialog";

/** Paragraphs of a plain text; https addresses in it become links. */
export interface Piece {
  text: string;
  link?: string;
}

const LINK = /https:\/\/[^\s<>"」）』，。；：！？、]+/g;
const TRAILING = /[.,;:!?)]+$/;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const link = found[0].replace(TRAILING, "");
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ text: link, link });
    from = found.index + link.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

export const paragraphsOf = (body: string) => body.split(/\r?\n\s*\r?\n/).filter(Boolean);

type Shown = Pick<Announcement, "title" | "published_at" | "attachments" | "body"> & {
  id?: string;
};

export function AnnouncementDialog(props: { announcement: Shown; onClose: () => void }) {
  const { announcement, onClose } = props;
  const { t, date, aside } = useWords();
  const acting = useActing() ?? undefined;
  const { id, attachments } = announcement;
  const path = "/api/v1/announcements/{id}/attachments/{n}";
  return (
    <Dialog
      title={announcement.title}
      onClose={onClose}
      buttons={
        <button type="button" className="primary" onClick={onClose}>
          {t.lists.confirm}
        </button>
      }
    >
      <p className="hint">
        {t.home.publishedAt} {date(announcement.published_at)}
      </p>
      {paragraphsOf(announcement.body ?? "").map((paragraph) => (
        <p key={paragraph}>
          {piecesOf(paragraph).map(({ text, link }, at) =>
            link ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
              <a key={at} href={link} target="_blank" rel="noreferrer noopener">
                {text}
              </a>
            ) : (
              text
            ),
          )}
        </p>
      ))}
      {id && attachments.length > 0 && (
        <>
          <h3>{t.home.attachments}</h3>
          <ul>
            {attachments.map(({ n, file_name, size_bytes }) => (
              <li key={n}>
                <a href={addressOf(path, { params: { id, n: String(n) }, query: { acting } })}>
                  {file_name + aside(fileSize(size_bytes))}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
