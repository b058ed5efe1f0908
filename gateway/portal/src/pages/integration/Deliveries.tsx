import { useMutation } from "@tanstack/react-query";
import { change as send } from "../../api/client";
import { useAnswer } from "../../api/queries";
import type { Delivery, Webhook } from "../../api/shapes";
import { Badge, type Tone } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Failed, Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { useWords, wordFor } from "../../words/use";

const TONES: Record<Delivery["state"], Tone> = {
  delivered: "done",
  waiting: "open",
  given_up: "wrong",
};
/** How often the page looks whether a delivery has arrived. */
export const POLL_MS = 5_000;
const PATH = "/api/v1/webhooks/{id}/deliveries";

/** 傳送紀錄 of one webhook, newest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { t } = useWords();
  const [{ page_token, n }, change] = useAddress(tokenPages);
  const params = { id: webhook.id };
  const asked = useAnswer(PATH, { params, query: { page_token } }, { refetchInterval: POLL_MS });
  const resend = useMutation({
    mutationFn: (delivery: Delivery) =>
      send("POST", `/api/v1/webhooks/${webhook.id}/deliveries/${delivery.n}/retry`),
    onSettled: () => asked.refetch(),
  });
  const columns = useColumns((delivery) => resend.mutate(delivery));
  return (
    <Section title={t.integration.deliveries}>
      <p>{webhook.url}</p>
      <p role="status">{resend.isSuccess && t.integration.resent(resend.variables.n)}</p>
      {resend.error && <Failed error={resend.error} />}
      <Loaded asked={asked} what={t.integration.deliveries}>
        {(data) => (
          <>
            <ExportButtons path={PATH} params={params} />
            <DataTable
              caption={t.integration.deliveries}
              columns={columns}
              rows={data.deliveries}
              rowKey={(row) => String(row.n)}
            />
            <TokenPages
              n={n}
              nextToken={data.next_page_token ?? ""}
              onNext={(token, page) => change({ page_token: token, n: page })}
              onFirst={() => change(firstPage)}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function useColumns(onResend: (delivery: Delivery) => void): Column<Delivery>[] {
  const { t, time } = useWords();
  const failure = (code?: string | null) => (code ? wordFor(t.codes.delivery_errors, code) : "—");
  return [
    { key: "n", head: t.integration.seq, rowHead: true, cell: (row) => row.n },
    {
      key: "event",
      head: t.integration.event,
      cell: ({ event }) => wordFor(t.codes.events, event),
    },
    {
      key: "state",
      head: t.integration.state,
      cell: ({ state }) => <Badge tone={TONES[state]}>{t.codes.deliveries[state]}</Badge>,
    },
    { key: "at", head: t.integration.time, cell: ({ attempts }) => time(attempts.at(-1)?.at) },
    {
      key: "result",
      head: t.integration.result,
      cell: ({ attempts, next_at }) => (
        <>
          {attempts.at(-1)?.status ?? failure(attempts.at(-1)?.error)}
          {next_at && <span className="hint"> {t.integration.nextAt(time(next_at))}</span>}
        </>
      ),
    },
    {
      key: "actions",
      head: t.integration.actions,
      cell: (row) => (
        <button type="button" className="secondary" onClick={() => onResend(row)}>
          {t.integration.resend}
          <span className="sr-only"> {row.n}</span>
        </button>
      ),
    },
  ];
}
