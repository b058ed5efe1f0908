import { useWords } from "../words/use";
import { Icon } from "./Icon";

/** A link into a new tab, which says so; `of` tells the rows of a table apart. */
export function NewWindowLink({ to, label, of }: { to: string; label: string; of?: string }) {
  const { t } = useWords();
  return (
    <a href={to} target="_blank" rel="noreferrer">
      {label}
      <span className="sr-only">
        {t.lists.newWindow}
        {of && ` ${of}`}
      </span>
      <Icon name="out" />
    </a>
  );
}
