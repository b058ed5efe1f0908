import type { Answer } from "../../api/client";
import type { RateNumbers } from "../../api/shapes";
import { type Column, DataTable } from "../../parts/DataTable";
import { todayInTaipei } from "../../words/dates";
import { count, percent } from "../../words/numbers";
import { useWords } from "../../words/use";
import { UNREPORTED } from "./statusChoices";

type NumberStatus = "all" | "reported" | typeof UNREPORTED;
interface Line {
  key: string;
  head: string;
  live: string;
  frozen: string;
  status?: NumberStatus;
}

/** The three integers now and frozen, side by side, with how and when they were made. */
export function Numbers(props: {
  rates: Answer<"/api/v1/reporting-rates">;
  onStatus: (status: NumberStatus) => void;
}) {
  const { rates, onStatus } = props;
  const { t, date, time } = useWords();
  const { live, frozen } = rates;
  const line = (
    key: string,
    head: string,
    show: (numbers: RateNumbers) => string,
    status?: Line["status"],
  ): Line => ({ key, head, status, live: show(live), frozen: frozen ? show(frozen) : "—" });
  const isOver = rates.deadline < todayInTaipei();
  const notFrozen = isOver ? t.rates.notFrozenYet : t.rates.notFrozen;
  const rows = [
    line("obliged", t.rates.obliged, (one) => count(one.obliged), "all"),
    line("reported", t.rates.reported, (one) => count(one.reported), "reported"),
    line("unreported", t.rates.unreported, (one) => count(one.obliged - one.reported), UNREPORTED),
    line("on_time", t.rates.onTime, (one) => count(one.on_time), "reported"),
    line("rate", t.rates.reportedRate, (one) => percent(one.reported, one.obliged)),
    line("on_time_rate", t.rates.onTimeRate, (one) => percent(one.on_time, one.obliged)),
  ];
  const columns: Column<Line>[] = [
    { key: "head", head: t.rates.item, rowHead: true, cell: ({ head }) => head },
    {
      key: "live",
      head: t.rates.live,
      number: true,
      cell: ({ live: shown, head, status }) =>
        status ? (
          <button
            type="button"
            className="link"
            aria-label={`${shown} ${head}`}
            onClick={() => onStatus(status)}
          >
            {shown}
          </button>
        ) : (
          shown
        ),
    },
    { key: "frozen", head: t.rates.frozen, number: true, cell: ({ frozen: shown }) => shown },
  ];
  return (
    <div className="narrow">
      <DataTable
        caption={t.rates.figures}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
      />
      <dl className="facts">
        <dt>{t.rates.deadline}</dt>
        <dd>{date(rates.deadline)}</dd>
        <dt>{t.rates.formula}</dt>
        <dd>{t.rates.formulaText}</dd>
        <dt>{t.rates.frozenAt}</dt>
        <dd>{frozen ? time(frozen.frozen_at) : notFrozen}</dd>
      </dl>
    </div>
  );
}
