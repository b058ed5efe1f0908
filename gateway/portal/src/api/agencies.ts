import { useWords } from "../words/use";
import { useAnswer } from "./queries";
import type { NamedAgency } from "./shapes";

/** Name and code of an agency that the address names. */
export function useAgencyName(code: string, own: NamedAgency): string {
  const { aside } = useWords();
  const isOwn = code === own.agency;
  const { data } = useAnswer("/api/v1/agencies", { query: { agency: code } }, { enabled: !isOwn });
  const name = isOwn ? own.name : data?.agencies[0]?.name;
  return name ? name + aside(code) : code;
}
