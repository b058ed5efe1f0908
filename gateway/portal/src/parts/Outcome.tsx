import type { Submission } from "../api/shapes";
import { useWords } from "../words/use";
import { Icon } from "./Icon";
import { isTerminal, outcomeSentence } from "./outcomeSentence";

/** The first thing to read about a file: one sentence, told again when it changes. */
export function Outcome({ submission }: { submission: Submission }) {
  const { t, language } = useWords();
  const owed = submission.state === "COUNTED_PARTIAL" || submission.state === "REJECTED_FILE";
  const tone = !isTerminal(submission.state) ? "open" : owed ? "wrong" : "done";
  const icon = { open: "waiting", wrong: "error", done: "done" } as const;
  return (
    <p className={`outcome ${tone}`} role="status">
      <Icon name={icon[tone]} />
      <span>{outcomeSentence(submission, t, language)}</span>
    </p>
  );
}
