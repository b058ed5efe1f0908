import { useMemo } from "react";
import { useWords } from "../words/use";
import { useAnswer } from "./queries";

/** The message of a rule by its code, as /api/v1/rules has it. */
export function useRuleMessages() {
  const { language } = useWords();
  const { data } = useAnswer("/api/v1/rules");
  return useMemo(() => {
    const messages = new Map(
      data?.rules.map((rule) => [rule.code, language === "en" ? rule.message_en : rule.message_zh]),
    );
    return (code: string, otherwise = code) => messages.get(code) ?? otherwise;
  }, [data, language]);
}

/** For rows that carry their message in Chinese alone: in English the rule's own. */
export function useMessageOfCode() {
  const { language } = useWords();
  const { isPending } = useAnswer("/api/v1/rules");
  const messageOf = useRuleMessages();
  return ({ code, message = "—" }: { code?: string; message?: string }) => {
    if (language === "zh" || !code) return message;
    return isPending ? "…" : messageOf(code, message);
  };
}
