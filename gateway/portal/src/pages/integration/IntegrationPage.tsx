import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { change as send } from "../../api/client";
import { refresh, useAnswer } from "../../api/queries";
import type { Webhook } from "../../api/shapes";
import { Badge, type Tone } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { Dialog } from "../../parts/Dialog";
import { Failed, Loaded } from "../../parts/Failed";
import { Page, Section } from "../../parts/Page";
import { useWords, wordFor } from "../../words/use";
import { Deliveries } from "./Deliveries";
import { SecretDialog, WebhookForm } from "./WebhookForm";

export const WEBHOOK_TONES: Record<Webhook["state"], Tone> = {
  active: "done",
  failing: "wrong",
  disabled: "quiet",
};
type Asking = { webhook: Webhook; what: "rotate" | "delete" };

/** 介接設定: the webhooks of the agency. */
export default function IntegrationPage() {
  const { t } = useWords();
  const asked = useAnswer("/api/v1/webhooks");
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [done, setDone] = useState("");
  const act = useMutation({
    mutationFn: async (run: () => Promise<string>) => setDone(await run()),
    onSettled: () => refresh("/api/v1/webhooks"),
  });
  const at = (webhook: Webhook, more = "") => `/api/v1/webhooks/${webhook.id}${more}`;
  const toggle = (webhook: Webhook) =>
    act.mutate(async () => {
      const state = webhook.state === "disabled" ? "active" : "disabled";
      await send("PATCH", at(webhook), { json: { state } });
      return t.codes.webhookStates[state];
    });
  const test = (webhook: Webhook) =>
    act.mutate(async () => {
      await send("POST", at(webhook, "/test"));
      await refresh("/api/v1/webhooks/{id}/deliveries");
      return t.integration.tested;
    });
  const confirmed = ({ webhook, what }: Asking) =>
    act.mutate(async () => {
      setAsking(null);
      if (what === "delete") await send("DELETE", at(webhook));
      else setSecret((await send<{ secret: string }>("POST", at(webhook, "/rotate"))).secret);
      return "";
    });
  const columns = useColumns({
    toggle,
    test,
    rotate: (webhook) => setAsking({ webhook, what: "rotate" }),
    remove: (webhook) => setAsking({ webhook, what: "delete" }),
    show: (webhook) => setShown(webhook.id),
  });
  return (
    <Page title={t.frame.titles.integration} lead={t.integration.intro}>
      <Section title={t.integration.webhooks}>
        <Loaded asked={asked} what={t.integration.webhooks}>
          {({ webhooks }) => (
            <DataTable
              caption={t.integration.webhooks}
              columns={columns}
              rows={webhooks}
              rowKey={({ id }) => id}
            />
          )}
        </Loaded>
        <p role="status">{done}</p>
        {act.error && <Failed error={act.error} />}
        <button type="button" className="primary" onClick={() => setAdding(true)}>
          {t.integration.add}
        </button>
        {adding && (
          <WebhookForm
            onCancel={() => setAdding(false)}
            onAdded={(created) => {
              setAdding(false);
              setSecret(created);
              refresh("/api/v1/webhooks");
            }}
          />
        )}
      </Section>
      {shown && <Deliveries webhook={shown} />}
      <Section title={t.integration.feedTitle}>
        <p>{t.integration.feedText}</p>
      </Section>
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
      {asking && (
        <Confirm asking={asking} onCancel={() => setAsking(null)} onYes={() => confirmed(asking)} />
      )}
    </Page>
  );
}

function Confirm(props: { asking: Asking; onCancel: () => void; onYes: () => void }) {
  const { t } = useWords();
  const { webhook, what } = props.asking;
  const deleting = what === "delete";
  return (
    <Dialog
      title={deleting ? t.integration.removeTitle : t.integration.rotateTitle}
      onClose={props.onCancel}
      buttons={
        <>
          <button type="button" className={deleting ? "danger" : "primary"} onClick={props.onYes}>
            {t.lists.confirm}
          </button>
          <button type="button" className="secondary" onClick={props.onCancel}>
            {t.lists.cancel}
          </button>
        </>
      }
    >
      <p>{deleting ? t.integration.removeText(webhook.url) : t.integration.rotateText}</p>
    </Dialog>
  );
}

type Act = (webhook: Webhook) => void;

function useColumns(on: Record<"toggle" | "test" | "rotate" | "remove" | "show", Act>) {
  const { t, time } = useWords();
  const button = (label: string, act: Act, webhook: Webhook, tone = "secondary") => (
    <button type="button" className={tone} onClick={() => act(webhook)}>
      {label}
      <span className="sr-only"> {webhook.url}</span>
    </button>
  );
  const columns: Column<Webhook>[] = [
    { key: "url", head: t.integration.url, rowHead: true, cell: ({ url }) => url },
    {
      key: "events",
      head: t.integration.events,
      cell: ({ events }) =>
        events.map((event) => wordFor(t.integration.eventNames, event)).join("、"),
    },
    {
      key: "state",
      head: t.integration.state,
      cell: ({ state }) => (
        <Badge tone={WEBHOOK_TONES[state]}>{t.codes.webhookStates[state]}</Badge>
      ),
    },
    { key: "last", head: t.integration.lastSuccess, cell: (row) => time(row.last_success_at) },
    {
      key: "actions",
      head: t.integration.actions,
      cell: (row) => (
        <div className="export">
          {button(t.integration.show, on.show, row)}
          {button(t.integration.test, on.test, row)}
          {button(t.integration.rotate, on.rotate, row)}
          {button(
            row.state === "disabled" ? t.integration.enable : t.integration.disable,
            on.toggle,
            row,
          )}
          {button(t.integration.remove, on.remove, row, "danger")}
        </div>
      ),
    },
  ];
  return columns;
}
