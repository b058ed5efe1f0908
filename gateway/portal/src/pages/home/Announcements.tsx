import { useRef } from "react";
import { isNoObject } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import { AnnouncementDialog } from "../../parts/AnnouncementDialog";
import { Failed, Loaded, Loading } from "../../parts/Failed";
import { Icon } from "../../parts/Icon";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { useWords } from "../../words/use";

const PATH = "/api/v1/announcements/{id}";
const ADDRESS = { announcement: text(), ...tokenPages };

/** True if the address names an announcement that is gone: the page is 「找不到頁面」 then. */
export function useGoneAnnouncement(): boolean {
  const [{ announcement: id }] = useAddress(ADDRESS);
  const asked = useAnswer(PATH, { params: { id } }, { enabled: id !== "" });
  return id !== "" && isNoObject(asked.error);
}

/** 「最新公告」: titles; one opens in a window that the address names. */
export function Announcements() {
  const { t, date } = useWords();
  const [{ announcement, page_token, n }, change] = useAddress(ADDRESS);
  const asked = useAnswer("/api/v1/announcements", { query: { page_token } });
  const opened = useRef(false);
  const open = (id: string) => {
    opened.current = true;
    change({ announcement: id });
  };
  const close = () => {
    change({ announcement: "" }, { replace: !opened.current });
    const title = document.getElementById(`announcement-${announcement}`);
    setTimeout(() => (title ?? document.querySelector("h1"))?.focus());
  };
  return (
    <Section title={t.home.announcements}>
      <Loaded asked={asked} what={t.home.announcements}>
        {(data) => (
          <>
            {data.announcements.length === 0 && <p>{t.home.noAnnouncements}</p>}
            <ul className="news">
              {data.announcements.map((one) => (
                <li key={one.id}>
                  <time dateTime={one.published_at}>{date(one.published_at)}</time>
                  <button
                    type="button"
                    className="link"
                    id={`announcement-${one.id}`}
                    onClick={() => open(one.id)}
                  >
                    {one.title}
                  </button>
                  {one.attachments.length > 0 && <Icon name="attachment" />}
                </li>
              ))}
            </ul>
            <TokenPages
              n={n}
              nextToken={data.next_page_token}
              onNext={(token, page) => change({ page_token: token, n: page })}
              onFirst={() => change(firstPage)}
            />
          </>
        )}
      </Loaded>
      {announcement && <Opened id={announcement} onClose={close} />}
    </Section>
  );
}

function Opened({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useWords();
  const asked = useAnswer(PATH, { params: { id } });
  if (asked.data) return <AnnouncementDialog announcement={asked.data} onClose={onClose} />;
  if (!asked.error) return <Loading />;
  return <Failed what={t.home.announcements} error={asked.error} onRetry={() => asked.refetch()} />;
}
