import { useMutation } from "@tanstack/react-query";
import { Link } from "react-router";
import { change as send } from "../../api/client";
import { refresh, useAnswer } from "../../api/queries";
import type { Notice } from "../../api/shapes";
import { pathFor, useActingFor, useMay } from "../../app/acting";
import { Badge } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Failed, Loaded } from "../../parts/Failed";
import { Page } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { useWords, wordFor } from "../../words/use";

/** Where a notice leads: to the object that it speaks of. */
export function addressOfNotice(notice: Notice, agency: string, isClerk: boolean): string {
  const { kind, submission_id: id, webhook_id } = notice;
  if (kind === "submission_rejected" && id) return pathFor(agency, `/submissions/${id}/findings`);
  // A change of Table 19 mends findings as well: the list of open ones would be empty then.
  if (kind === "findings_changed") return pathFor(agency, "/findings?status=all");
  if (id) return pathFor(agency, `/submissions/${id}`);
  if (kind === "webhook_disabled" || webhook_id) return pathFor(agency, "/integration");
  return pathFor(agency, isClerk ? "/submit" : "");
}

/** 通知: newest first; unread ones say so. */
export default function NoticesPage() {
  const { t } = useWords();
  const [{ page_token, n }, change] = useAddress(tokenPages);
  const query = { page_token };
  const asked = useAnswer("/api/v1/notices", { query }, { keep: true });
  const markAll = useMutation({
    mutationFn: () => send("POST", "/api/v1/notices/read-all"),
    onSuccess: () => refresh("/api/v1/notices"),
  });
  const columns = useColumns();
  const title = t.frame.titles.notices;
  return (
    <Page title={title} lead={t.notices.intro}>
      {markAll.error && <Failed error={markAll.error} onRetry={() => markAll.mutate()} />}
      <Loaded asked={asked} what={title}>
        {(data) => (
          <>
            <div className="table-tools">
              <button type="button" className="secondary" onClick={() => markAll.mutate()}>
                {t.notices.markAll}
              </button>
              <ExportButtons path="/api/v1/notices" query={query} />
            </div>
            <DataTable
              caption={title}
              columns={columns}
              rows={data.notices}
              rowKey={({ id }) => String(id)}
              rowClass={({ read_at }) => (read_at ? undefined : "unread")}
            />
            <TokenPages
              n={n}
              nextToken={data.next_page_token}
              onNext={(token, page) => change({ page_token: token, n: page })}
              onFirst={() => change(firstPage)}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<Notice>[] {
  const { t, time, language } = useWords();
  const { agency } = useActingFor();
  const isClerk = useMay("agency_clerk");
  const read = ({ id, read_at }: Notice) => {
    if (read_at) return;
    send("POST", `/api/v1/notices/${id}/read`).then(
      () => refresh("/api/v1/notices"),
      () => refresh("/api/v1/notices"),
    );
  };
  return [
    { key: "at", head: t.notices.time, className: () => "when", cell: (r) => time(r.created_at) },
    {
      key: "kind",
      head: t.notices.kind,
      className: () => "nowrap",
      cell: (row) => wordFor(t.codes.notices, row.kind),
    },
    {
      key: "text",
      head: t.notices.text,
      rowHead: true,
      cell: (row) => (
        <Link to={addressOfNotice(row, agency.agency, isClerk)} onClick={() => read(row)}>
          <span lang={language === "en" ? "zh-Hant-TW" : undefined}>{row.text}</span>
        </Link>
      ),
    },
    {
      key: "state",
      head: t.notices.state,
      cell: (row) => (row.read_at ? t.notices.read : <Badge tone="open">{t.notices.unread}</Badge>),
    },
  ];
}
