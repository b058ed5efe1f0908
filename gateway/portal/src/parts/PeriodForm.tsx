import { type ReactNode, useEffect, useState } from "react";
import { typedDate, typedMonth } from "../words/dates";
import { useWords } from "../words/use";
import { ErrorSummary, type FieldError } from "./ErrorSummary";
import { AskForm, TextField } from "./fields";

interface Props {
  from: string;
  to: string;
  months?: boolean;
  children?: ReactNode;
  /** Further mistakes of the form, asked for when the button is pressed. */
  moreErrors?: (from: string, to: string) => FieldError[];
  onAsk: (from: string, to: string) => void;
}

/** 「起日」「迄日」 or 「起月」「迄月」 with 「查詢」; asks only for a period that makes sense. */
export function PeriodForm({ from, to, months, children, moreErrors, onAsk }: Props) {
  const { t, date, month } = useWords();
  const shown = months ? month : date;
  const [typed, setTyped] = useState({ from: shown(from), to: shown(to) });
  const [errors, setErrors] = useState<FieldError[]>([]);
  useEffect(() => setTyped({ from: shown(from), to: shown(to) }), [from, to, shown]);
  const labels = months
    ? { from: t.lists.fromMonth, to: t.lists.toMonth }
    : { from: t.lists.from, to: t.lists.to };
  const ask = () => {
    const understand = months ? typedMonth : typedDate;
    const bad = months ? t.lists.badMonth : t.lists.badDate;
    const first = understand(typed.from);
    const last = understand(typed.to);
    const found: FieldError[] = [];
    if (!first) found.push({ field: "from", message: bad(labels.from) });
    if (!last) found.push({ field: "to", message: bad(labels.to) });
    if (first && last && last < first)
      found.push({ field: "to", message: t.lists.endBeforeStart(labels.from, labels.to) });
    if (first && last) found.push(...(moreErrors?.(first, last) ?? []));
    setErrors(found);
    if (first && last && found.length === 0) onAsk(first, last);
  };
  const hint = months ? t.lists.monthHint : t.lists.dateHint;
  return (
    <>
      <ErrorSummary errors={errors} />
      <AskForm button={t.lists.search} onAsk={ask}>
        <TextField
          id="from"
          label={labels.from}
          hint={hint}
          errors={errors}
          value={typed.from}
          onChange={(value) => setTyped((before) => ({ ...before, from: value }))}
        />
        <TextField
          id="to"
          label={labels.to}
          hint={hint}
          errors={errors}
          value={typed.to}
          onChange={(value) => setTyped((before) => ({ ...before, to: value }))}
        />
        {children}
      </AskForm>
    </>
  );
}
