import type { Rule } from "../../api/shapes";

/** Finds rules by code, by words, or by a pasted message whose placeholders are filled in. */
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function filledIn(message: string): RegExp {
  const parts = message.split(/\{[^}]*\}/).map(escaped);
  return new RegExp(parts.join(".{1,60}?"));
}

export function foundRules(rules: readonly Rule[], typed: string): Rule[] {
  const wanted = typed.trim();
  if (!wanted) return [...rules];
  const byCode = rules.filter(({ code }) => code === wanted.toUpperCase());
  if (byCode.length) return byCode;
  const pasted = rules.filter(
    ({ message_zh, message_en }) =>
      filledIn(message_zh).test(wanted) || (wanted.length > 8 && wanted.includes(message_en)),
  );
  if (pasted.length) return pasted;
  const small = wanted.toLowerCase();
  return rules.filter(({ code, field, message_zh, message_en }) =>
    [code, field, message_zh, message_en].some((text) => text.toLowerCase().includes(small)),
  );
}
