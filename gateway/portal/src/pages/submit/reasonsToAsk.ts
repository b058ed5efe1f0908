import { type Checked, namedAgency } from "../../files/checks";
import type { Words } from "../../words/zh";

/** Why sending is asked once more: what the test found, and whose agency it is. */
export function reasonsToAsk(
  contents: readonly { name: string; content: unknown }[],
  tested: readonly Checked[] | undefined,
  acting: { code: string; name: string; delegated: boolean },
  t: Words,
): string[] {
  const wrong = (tested ?? []).filter(({ result }) => result.state === "FAILED");
  const reasons = wrong.length
    ? [t.submit.hasErrors(wrong.map(({ file }) => file.name).join("、"))]
    : [];
  for (const { name, content } of contents) {
    const named = namedAgency(content);
    if (named && named !== acting.code) reasons.push(t.submit.otherAgency(name, named));
  }
  if (acting.delegated) reasons.push(t.submit.forDelegated(acting.name));
  return reasons;
}
