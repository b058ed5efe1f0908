import type { CompareKind, Comparison } from "../../api/shapes";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";

const KINDS: CompareKind[] = [
  "new",
  "changed",
  "same",
  "older",
  "deleted",
  "unknown_deletion",
  "invalid",
];
const SHOWN = 5;

/** What the file would do to the stored data, with the first form numbers of each. */
export function ComparisonList({ comparison }: { comparison: Comparison | null | undefined }) {
  const { t } = useWords();
  if (!comparison) return <p className="hint">{t.submit.notCompared}</p>;
  return (
    <>
      <h4>{t.submit.compared}</h4>
      <ul className="counts">
        {KINDS.map((kind) => (
          <li key={kind}>
            {t.codes.compared[kind]} <span className="figure">{count(comparison[kind])}</span>
            {(comparison.first[kind]?.length ?? 0) > 0 && (
              <span className="hint">
                {comparison.first[kind]
                  ?.slice(0, SHOWN)
                  .map(({ record_no }) => record_no)
                  .join("、")}
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
