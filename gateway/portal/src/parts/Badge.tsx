import type { ReactNode } from "react";
import { useWords, wordFor } from "../words/use";
import { Icon, type IconName } from "./Icon";

/** A state in words; colour and picture only repeat it. What is open stands out, not what is done. */
export type Tone = "open" | "wrong" | "done" | "quiet";
const ICONS: Record<Tone, IconName | null> = {
  open: "waiting",
  wrong: "error",
  done: "done",
  quiet: null,
};

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  const icon = ICONS[tone];
  return (
    <span className={`badge ${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

const STATE_TONES: Record<string, Tone> = {
  COUNTED: "done",
  COUNTED_PARTIAL: "wrong",
  REJECTED_FILE: "wrong",
};

export function StateBadge({ state }: { state: string | null }) {
  const { t } = useWords();
  if (!state) return <>—</>;
  return <Badge tone={STATE_TONES[state] ?? "open"}>{wordFor(t.codes.states, state)}</Badge>;
}

const FILING_TONES: Record<string, Tone> = {
  missing: "wrong",
  due: "open",
  reported: "done",
  zero: "done",
};

export function FilingBadge({ status }: { status: string }) {
  const { t } = useWords();
  return <Badge tone={FILING_TONES[status] ?? "quiet"}>{wordFor(t.codes.filing, status)}</Badge>;
}

export function SeverityBadge({ severity }: { severity: "error" | "warning" }) {
  const { t } = useWords();
  return (
    <span className={`severity ${severity}`}>
      <Icon name={severity} />
      {t.codes.severities[severity]}
    </span>
  );
}
