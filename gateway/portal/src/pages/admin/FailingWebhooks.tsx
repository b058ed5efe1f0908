import { useAnswer } from "../../api/queries";
import type { Webhook } from "../../api/shapes";
import { Badge } from "../../parts/Badge";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress, wholeNumber } from "../../state/address";
import { useWords } from "../../words/use";

const ADDRESS = { hooks_token: text(), hooks_n: wholeNumber(1) };

/** 介接異常: webhooks of all agencies that do not get through. */
export function FailingWebhooks() {
  const { t, time } = useWords();
  const [{ hooks_token, hooks_n }, change] = useAddress(ADDRESS);
  const asked = useAnswer("/api/v1/webhooks", {
    query: { state: "failing", page_token: hooks_token },
  });
  const columns: Column<Webhook>[] = [
    {
      key: "agency",
      head: t.lists.agencyCode,
      cell: ({ agency }) => <Code>{agency ?? "—"}</Code>,
    },
    {
      key: "name",
      head: t.lists.agencyName,
      rowHead: true,
      cell: ({ agency_name }) => agency_name ?? "—",
    },
    { key: "url", head: t.integration.url, cell: ({ url }) => url },
    {
      key: "state",
      head: t.lists.status,
      cell: ({ state }) => <Badge tone="wrong">{t.codes.webhook_states[state]}</Badge>,
    },
    { key: "since", head: t.admin.failingSince, cell: (row) => time(row.failing_since) },
    { key: "last", head: t.integration.lastSuccess, cell: (row) => time(row.last_success_at) },
  ];
  return (
    <Section title={t.admin.webhooks}>
      <Loaded asked={asked} what={t.admin.webhooks}>
        {({ webhooks, next_page_token }) => (
          <>
            <DataTable
              caption={t.admin.webhooks}
              columns={columns}
              rows={webhooks}
              rowKey={({ id }) => id}
            />
            <TokenPages
              n={hooks_n}
              nextToken={next_page_token}
              onNext={(token, page) => change({ hooks_token: token, hooks_n: page })}
              onFirst={() => change({ hooks_token: "", hooks_n: 1 })}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}
