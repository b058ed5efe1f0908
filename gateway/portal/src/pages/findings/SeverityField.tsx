import { choicesOf, SelectField } from "../../parts/fields";
import { useWords } from "../../words/use";

export const SEVERITIES = ["", "error", "warning"] as const;
export type ChosenSeverity = (typeof SEVERITIES)[number];

/** 「等級」: errors, warnings, or both. */
export function SeverityField(props: {
  severity: ChosenSeverity;
  onSeverity: (severity: ChosenSeverity) => void;
}) {
  const { t } = useWords();
  return (
    <SelectField
      id="severity"
      label={t.findings.severity}
      value={props.severity}
      choices={[{ value: "", label: t.lists.all }, ...choicesOf(t.codes.severities)]}
      onChange={(value) => props.onSeverity(value as ChosenSeverity)}
    />
  );
}
