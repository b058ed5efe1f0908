import type { Dispositions, Submission } from "../api/shapes";
import type { Language } from "../words/dates";
import { count } from "../words/numbers";
import type { Words } from "../words/zh";

/** The outcome of a submission in one sentence, the same on every page. */
const ORDER = [
  "counted",
  "unmatched",
  "deletion",
  "unchanged",
  "stale",
  "superseded",
  "invalid",
] as const satisfies (keyof Dispositions)[];

export const DISPOSITIONS: readonly (keyof Dispositions)[] = ORDER;
const TERMINAL = new Set(["COUNTED", "COUNTED_PARTIAL", "REJECTED_FILE"]);

export const isTerminal = (state: string | undefined) => TERMINAL.has(state ?? "");

export function outcomeSentence(
  submission: Pick<Submission, "state" | "state_text" | "total" | "dispositions">,
  t: Words,
  language: Language,
): string {
  const { state, state_text, total, dispositions } = submission;
  if (state === "REJECTED_FILE") return state_text[language];
  if (!isTerminal(state) || !dispositions) return t.outcome.working(t.codes.states[state] ?? state);
  const parts = ORDER.filter((name) => dispositions[name] > 0).map((name) =>
    t.outcome.parts[name](count(dispositions[name])),
  );
  const whole = t.outcome.received(count(total));
  return parts.length ? t.outcome.sentence(whole, parts.join(t.outcome.comma)) : whole;
}
