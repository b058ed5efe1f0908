import { useMutation } from "@tanstack/react-query";
import { type Query, read } from "../../api/client";
import type { ReportingAgency } from "../../api/shapes";
import { useActingFor } from "../../app/acting";
import { Failed } from "../../parts/Failed";
import { count } from "../../words/numbers";
import { useWords } from "../../words/use";
import type { Chosen } from "./Remind";

const PAGE_SIZE = 1000;

/** All agencies behind a filter, page after page. */
async function allAgencies(query: Query, acting: string): Promise<ReportingAgency[]> {
  const all: ReportingAgency[] = [];
  let page_token = "";
  do {
    const asked = { ...query, page_size: PAGE_SIZE, page_token };
    const answer = await read("/api/v1/reporting-rates/agencies", { query: asked, acting });
    all.push(...answer.agencies);
    page_token = answer.next_page_token;
  } while (page_token);
  return all;
}

/** Whom 「催報」 may go to: a supervising agency does not remind itself. */
export const canRemind = (own: string) => (one: ReportingAgency) => one.agency !== own;

/** How many are chosen, and choosing many at once. */
export function Choosing(props: {
  filter: Query;
  shown: readonly ReportingAgency[];
  chosen: Chosen;
  onChosen: (chosen: Chosen) => void;
}) {
  const { filter, shown, chosen, onChosen } = props;
  const { t } = useWords();
  const { agency: own } = useActingFor();
  const add = (agencies: readonly ReportingAgency[]) => {
    const next = new Map(chosen);
    for (const { agency, name } of agencies.filter(canRemind(own.agency))) next.set(agency, name);
    onChosen(next);
  };
  const all = useMutation({
    mutationFn: () => allAgencies(filter, own.agency),
    onSuccess: add,
  });
  return (
    <>
      <div className="export">
        <button type="button" className="secondary" onClick={() => add(shown)}>
          {t.rates.choosePage}
        </button>
        <button type="button" className="secondary" onClick={() => all.mutate()}>
          {t.rates.chooseAll}
        </button>
        {chosen.size > 0 && (
          <button type="button" className="secondary" onClick={() => onChosen(new Map())}>
            {t.rates.chooseNone}
          </button>
        )}
        <span role="status">
          {all.isPending ? t.rates.choosing : t.rates.chosen(count(chosen.size))}
        </span>
      </div>
      {all.error && <Failed error={all.error} onRetry={() => all.mutate()} />}
    </>
  );
}
