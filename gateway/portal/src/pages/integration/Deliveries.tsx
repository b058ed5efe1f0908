import { useMutation } from "@tanstack/react-query";
import { change as send } from "../../api/client";
import { useAnswer } from "../../api/queries";
import type { Delivery } from "../../api/shapes";
import { Badge, type Tone } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Failed, Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress, wholeNumber } from "../../state/address";
import { useWords, wordFor } from "../../words/use";

const TONES: Record<Delivery["state"], Tone> = {
  delivered: "done",
  waiting: "open",
  given_up: "wrong",
};
const ADDRESS = { page_token: text(), n: wholeNumber(1) };
const PATH = "/api/v1/webhooks/{id}/deliveries";

/** 傳送紀錄 of one webhook, newest first. */
export function Deliveries({ webhook }: { webhook: string }) {
  const { t } = useWords();
  const [{ page_token, n }, change] = useAddress(ADDRESS);
  const params = { id: webhook };
  const asked = useAnswer(PATH, { params, query: { page_token } }, { refetchInterval: 10_000 });
  const resend = useMutation({
    mutationFn: (delivery: Delivery) =>
      send("POST", `/api/v1/webhooks/${webhook}/deliveries/${delivery.n}/retry`),
    onSettled: () => asked.refetch(),
  });
  const columns = useColumns((delivery) => resend.mutate(delivery));
  return (
    <Section title={t.integration.deliveries}>
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
              onFirst={() => change({ page_token: "", n: 1 })}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function useColumns(onResend: (delivery: Delivery) => void): Column<Delivery>[] {
  const { t, time } = useWords();
  return [
    { key: "n", head: t.integration.seq, rowHead: true, cell: (row) => row.n },
    {
      key: "event",
      head: t.integration.event,
      cell: ({ event }) =>
        event === "webhook.test" ? t.integration.test : wordFor(t.integration.eventNames, event),
    },
    {
      key: "state",
      head: t.integration.state,
      cell: ({ state }) => <Badge tone={TONES[state]}>{t.codes.deliveryStates[state]}</Badge>,
    },
    { key: "at", head: t.integration.time, cell: ({ attempts }) => time(attempts.at(-1)?.at) },
    {
      key: "result",
      head: t.integration.result,
      cell: ({ attempts, next_at }) => (
        <>
          {attempts.at(-1)?.status ?? attempts.at(-1)?.error ?? "—"}
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
