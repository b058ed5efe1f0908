import { useAnswer } from "../../api/queries";
import type { Webhook } from "../../api/shapes";
import { Badge } from "../../parts/Badge";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { useWords } from "../../words/use";

/** 介接異常: webhooks of all agencies that do not get through. */
export function FailingWebhooks() {
  const { t, time } = useWords();
  const asked = useAnswer("/api/v1/webhooks", { query: { state: "failing" } });
  const columns: Column<Webhook>[] = [
    {
      key: "agency",
      head: t.lists.agencyCode,
      rowHead: true,
      cell: ({ agency }) => <Code>{agency ?? "—"}</Code>,
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
        {({ webhooks }) => (
          <DataTable
            caption={t.admin.webhooks}
            columns={columns}
            rows={webhooks}
            rowKey={({ id }) => id}
          />
        )}
      </Loaded>
    </Section>
  );
}
