import { useAnswer } from "../../api/queries";
import type { Reminder } from "../../api/shapes";
import { Code, type Column, DataTable } from "../../parts/DataTable";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { Section } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { text, useAddress, wholeNumber } from "../../state/address";
import { useWords } from "../../words/use";

const ADDRESS = { reminders_token: text(), reminders_n: wholeNumber(1) };

/** What was sent by 「催報」. */
export function Reminders({ month, authority }: { month: string; authority: string }) {
  const { t, time, aside, month: shown } = useWords();
  const [{ reminders_token, reminders_n }, change] = useAddress(ADDRESS);
  const query = { month, authority, page_token: reminders_token };
  const asked = useAnswer("/api/v1/reminders", { query });
  const columns: Column<Reminder>[] = [
    {
      key: "agency",
      head: t.lists.agencyCode,
      cell: ({ agency }) => <Code>{agency}</Code>,
    },
    { key: "name", head: t.lists.agencyName, rowHead: true, cell: (row) => row.agency_name },
    { key: "month", head: t.lists.month, cell: (row) => shown(row.month) },
    { key: "at", head: t.rates.sentAt, cell: (row) => time(row.sent_at) },
    { key: "by", head: t.rates.sentBy, cell: (row) => row.sent_by_name + aside(row.sent_by) },
  ];
  return (
    <Section title={t.rates.reminders}>
      <Loaded asked={asked} what={t.rates.reminders}>
        {(data) => (
          <>
            <ExportButtons path="/api/v1/reminders" query={query} of={t.rates.reminders} />
            <DataTable
              caption={t.rates.reminders}
              columns={columns}
              rows={data.reminders}
              rowKey={(row) => `${row.agency} ${row.sent_at}`}
            />
            <TokenPages
              n={reminders_n}
              nextToken={data.next_page_token}
              onNext={(token, page) => change({ reminders_token: token, reminders_n: page })}
              onFirst={() => change({ reminders_token: "", reminders_n: 1 })}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}
