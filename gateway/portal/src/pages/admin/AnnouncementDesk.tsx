import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { change as send } from "../../api/client";
import { refresh, useAnswer } from "../../api/queries";
import type { Announcement } from "../../api/shapes";
import { type Column, DataTable } from "../../parts/DataTable";
import { Dialog } from "../../parts/Dialog";
import { Failed, Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress, wholeNumber } from "../../state/address";
import { useWords } from "../../words/use";
import { AnnouncementForm } from "./AnnouncementForm";

const ADDRESS = { news_token: text(), news_n: wholeNumber(1) };

/** 公告: all of them, also those that are not shown yet or any more. */
export function AnnouncementDesk({ mayWrite }: { mayWrite: boolean }) {
  const { t } = useWords();
  const [{ news_token, news_n }, change] = useAddress(ADDRESS);
  const [writing, setWriting] = useState<Announcement | "new" | null>(null);
  const [asking, setAsking] = useState<Announcement | null>(null);
  const query = { state: mayWrite ? "all" : "", page_token: news_token };
  const asked = useAnswer("/api/v1/announcements", { query });
  const withdraw = useMutation({
    mutationFn: ({ id }: Announcement) => send("DELETE", `/api/v1/announcements/${id}`),
    onSettled: () => refresh("/api/v1/announcements"),
  });
  const columns = useColumns(mayWrite ? { edit: setWriting, withdraw: setAsking } : null);
  return (
    <Section title={t.admin.announcements}>
      {mayWrite && !writing && (
        <button type="button" className="primary" onClick={() => setWriting("new")}>
          {t.admin.add}
        </button>
      )}
      {writing && (
        <AnnouncementForm
          key={writing === "new" ? "new" : writing.id}
          before={writing === "new" ? null : writing}
          onEnd={() => setWriting(null)}
        />
      )}
      {withdraw.error && <Failed error={withdraw.error} />}
      <Loaded asked={asked} what={t.admin.announcements}>
        {(data) => (
          <>
            <DataTable
              caption={t.admin.announcements}
              columns={columns}
              rows={data.announcements}
              rowKey={({ id }) => id}
            />
            <TokenPages
              n={news_n}
              nextToken={data.next_page_token}
              onNext={(token, page) => change({ news_token: token, news_n: page })}
              onFirst={() => change({ news_token: "", news_n: 1 })}
            />
          </>
        )}
      </Loaded>
      {asking && (
        <Dialog
          title={t.admin.withdrawTitle}
          onClose={() => setAsking(null)}
          buttons={
            <>
              <button
                type="button"
                className="danger"
                onClick={() => {
                  withdraw.mutate(asking);
                  setAsking(null);
                }}
              >
                {t.lists.confirm}
              </button>
              <button type="button" className="secondary" onClick={() => setAsking(null)}>
                {t.lists.cancel}
              </button>
            </>
          }
        >
          <p>{t.admin.withdrawText(asking.title)}</p>
        </Dialog>
      )}
    </Section>
  );
}

type Act = (announcement: Announcement) => void;

function useColumns(on: { edit: Act; withdraw: Act } | null): Column<Announcement>[] {
  const { t, time, language } = useWords();
  // Operators write titles in Chinese, whatever the interface speaks.
  const titleLang = language === "en" ? "zh-Hant-TW" : undefined;
  const button = (label: string, act: Act, row: Announcement) => (
    <button type="button" className="secondary" onClick={() => act(row)}>
      {label}
      <span className="sr-only" lang={titleLang}>
        {" "}
        {row.title}
      </span>
    </button>
  );
  const columns: Column<Announcement>[] = [
    {
      key: "title",
      head: t.admin.titleField,
      rowHead: true,
      cell: ({ title }) => <span lang={titleLang}>{title}</span>,
    },
    { key: "who", head: t.admin.audience, cell: (row) => t.codes.audiences[row.audience] },
    { key: "from", head: t.admin.publishAt, cell: (row) => time(row.published_at) },
    { key: "to", head: t.admin.expireAt, cell: (row) => time(row.expires_at) },
    { key: "files", head: t.home.attachments, number: true, cell: (r) => r.attachments.length },
  ];
  if (!on) return columns;
  const actions: Column<Announcement> = {
    key: "actions",
    head: t.integration.actions,
    cell: (row) => (
      <div className="export">
        {button(t.admin.edit, on.edit, row)}
        {button(t.admin.withdraw, on.withdraw, row)}
      </div>
    ),
  };
  return [...columns, actions];
}
