import type { Finding } from "../api/shapes";
import { Icon } from "../parts/Icon";
import { useWords } from "../words/use";

export function useMessageOf() {
  const { language } = useWords();
  return (finding: Pick<Finding, "message" | "message_en">) =>
    language === "en" ? finding.message_en : finding.message;
}

/** The picture in a red cell; its name is the severity and the message. */
export function CellButton(props: { finding: Finding; onExplain: (finding: Finding) => void }) {
  const { finding, onExplain } = props;
  const { t } = useWords();
  const messageOf = useMessageOf();
  const severity = t.codes.severities[finding.severity];
  return (
    <button
      type="button"
      className={`cell-button ${finding.severity}`}
      aria-label={t.findings.openWord(severity, messageOf(finding))}
      title={messageOf(finding)}
      onClick={() => onExplain(finding)}
    >
      <Icon name={finding.severity} />
    </button>
  );
}

/** A message in words; opens 「說明」. */
export function MessageButton(props: { finding: Finding; onExplain: (finding: Finding) => void }) {
  const { finding, onExplain } = props;
  const { aside } = useWords();
  const messageOf = useMessageOf();
  return (
    <button
      type="button"
      className={`message-button ${finding.severity}`}
      onClick={() => onExplain(finding)}
    >
      <Icon name={finding.severity} />
      <span>{messageOf(finding) + aside(finding.code)}</span>
    </button>
  );
}
