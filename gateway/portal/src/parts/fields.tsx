import type { ReactNode } from "react";
import type { FieldError } from "./ErrorSummary";
import { Icon } from "./Icon";

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  errors?: readonly FieldError[];
}

const describedBy = (id: string, hint: string | undefined, error: unknown) =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;

function Around(props: FieldProps & { error: string | undefined; children: ReactNode }) {
  const { id, label, hint, error, children } = props;
  return (
    <div className={error ? "field wrong" : "field"}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
      {error && (
        <span id={`${id}-error`} className="field-error">
          <Icon name="error" />
          {error}
        </span>
      )}
      {children}
    </div>
  );
}

export function TextField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    wide?: boolean;
    rows?: number;
    inputMode?: "numeric" | "url";
  },
) {
  const { id, label, hint, errors, value, onChange, wide, rows, inputMode } = props;
  const error = errors?.find(({ field }) => field === id)?.message;
  const shared = {
    id,
    value,
    className: wide ? "wide" : undefined,
    "aria-describedby": describedBy(id, hint, error),
    "aria-invalid": error ? true : undefined,
    autoComplete: "off",
    spellCheck: false,
  };
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      {rows ? (
        <textarea {...shared} rows={rows} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={inputMode}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Around>
  );
}

export interface Choice {
  value: string;
  label: string;
}

export function SelectField(
  props: FieldProps & {
    value: string;
    choices: readonly Choice[];
    onChange: (value: string) => void;
  },
) {
  const { id, label, hint, errors, value, choices, onChange } = props;
  const error = errors?.find(({ field }) => field === id)?.message;
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        value={value}
        aria-describedby={describedBy(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Around>
  );
}

export const choicesOf = (words: Record<string, string>): Choice[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** A row of fields with the button that asks. */
export function AskForm(props: { children: ReactNode; button: string; onAsk: () => void }) {
  return (
    <form
      className="ask"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onAsk();
      }}
    >
      {props.children}
      <button type="submit" className="primary">
        {props.button}
      </button>
    </form>
  );
}
