import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { change as send } from "../../api/client";
import { refresh, useAnswer } from "../../api/queries";
import type { Webhook } from "../../api/shapes";
import { Badge, type Tone } from "../../parts/Badge";
import { type Column, DataTable } from "../../parts/DataTable";
import { Dialog } from "../../parts/Dialog";
import { Failed, Loaded } from "../../parts/Failed";
import { Page, Section } from "../../parts/Page";
import { text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { useWords, wordFor } from "../../words/use";
import { Deliveries, POLL_MS } from "./Deliveries";
import { SecretDialog, WebhookForm } from "./WebhookForm";

export const WEBHOOK_TONES: Record<Webhook["state"], Tone> = {
  active: "done",
  failing: "wrong",
  disabled: "quiet",
};
const ADDRESS = { webhook: text(), ...tokenPages };
type Asking = { webhook: Webhook; what: "rotate" | "delete" };

/** 介接設定: the webhooks of the agency. */
export default function IntegrationPage() {
  const { t } = useWords();
  const asked = useAnswer("/api/v1/webhooks", {}, { refetchInterval: POLL_MS });
  const [{ webhook: shown }, change] = useAddress(ADDRESS);
  const addButton = useRef<HTMLButtonElement>(null);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [done, setDone] = useState("");
  const act = useMutation({
    onMutate: () => setDone(""),
    mutationFn: async (run: () => Promise<string>) => setDone(await run()),
    onSettled: () => refresh("/api/v1/webhooks"),
  });
  const at = (webhook: Webhook, more = "") => `/api/v1/webhooks/${webhook.id}${more}`;
  const toggle = (webhook: Webhook) =>
    act.mutate(async () => {
      const state = webhook.state === "disabled" ? "active" : "disabled";
      await send("PATCH", at(webhook), { json: { state } });
      return t.codes.webhook_states[state];
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
      if (what === "rotate") {
        setSecret((await send<{ secret: string }>("POST", at(webhook, "/rotate"))).secret);
        return "";
      }
      await send("DELETE", at(webhook));
      if (shown === webhook.id) change({ webhook: "", ...firstPage }, { replace: true });
      addButton.current?.focus(); // the row and its buttons go away
      return t.integration.removed(webhook.url);
    });
  const closeForm = () => {
    addButton.current?.focus();
    setAdding(false);
  };
  const opened = asked.data?.webhooks.find(({ id }) => id === shown);
  const columns = useColumns({
    toggle,
    test,
    rotate: (webhook) => setAsking({ webhook, what: "rotate" }),
    remove: (webhook) => setAsking({ webhook, what: "delete" }),
    show: (webhook) => change({ webhook: webhook.id, ...firstPage }),
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
        <button type="button" className="primary" ref={addButton} onClick={() => setAdding(true)}>
          {t.integration.add}
        </button>
        {adding && (
          <WebhookForm
            onCancel={closeForm}
            onAdded={(created) => {
              closeForm();
              setSecret(created);
              refresh("/api/v1/webhooks");
            }}
          />
        )}
      </Section>
      {opened && <Deliveries key={opened.id} webhook={opened} />}
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
        events.map((event) => wordFor(t.codes.events, event)).join(t.integration.comma),
    },
    {
      key: "state",
      head: t.integration.state,
      cell: ({ state }) => (
        <Badge tone={WEBHOOK_TONES[state]}>{t.codes.webhook_states[state]}</Badge>
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
