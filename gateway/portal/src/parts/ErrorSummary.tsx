import { useEffect, useRef } from "react";
import { countErrorSummaries } from "../app/title";
import { useWords } from "../words/use";
import { Icon } from "./Icon";

export interface FieldError {
  /** Id of the field or button that mends it. */
  field: string;
  message: string;
}

/** Stands above the form; takes the focus whenever it has something new to say. */
export function ErrorSummary({ errors }: { errors: readonly FieldError[] }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const shown = errors.length > 0;
  useEffect(() => {
    if (!shown) return;
    countErrorSummaries(1);
    return () => countErrorSummaries(-1);
  }, [shown]);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (!shown) return null;
  return (
    <div className="error-summary" role="alert" tabIndex={-1} ref={box}>
      <h2>
        <Icon name="error" />
        {t.lists.errorSummary}
      </h2>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            <a
              href={`#${field}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(field)?.focus();
              }}
            >
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
