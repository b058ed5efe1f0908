import { Link, useParams } from "react-router";
import { isNoObject } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import { useLiveSubmission } from "../../api/submissions";
import { pathFor, useActingFor } from "../../app/acting";
import { NotFound } from "../../app/StatePages";
import { Loaded } from "../../parts/Failed";
import { Outcome } from "../../parts/Outcome";
import { Page } from "../../parts/Page";
import { TokenPages } from "../../parts/Paging";
import { oneOf, text, useAddress } from "../../state/address";
import { firstPage, tokenPages } from "../../state/lists";
import { useWords, wordFor } from "../../words/use";
import { FindingTabs } from "./FindingTabs";
import { mayNotSee, recordPage } from "./recordPages";
import { SEVERITIES, SeverityField } from "./SeverityField";

const ADDRESS = {
  tab: oneOf(["records", "rules"] as const, "records"),
  code: text(),
  severity: oneOf(SEVERITIES, ""),
  ...tokenPages,
};
const PATH = "/api/v1/submissions/{id}";

/** 錯誤明細 of one submission. */
export default function SubmissionFindingsPage() {
  const { t } = useWords();
  const { id = "" } = useParams();
  const { agency } = useActingFor();
  const submission = useLiveSubmission(id);
  const [{ tab, code, severity, page_token, n }, change] = useAddress(ADDRESS);
  const params = { id };
  const records = useAnswer(
    `${PATH}/records` as const,
    { params, query: { with: "findings", code, severity, page_token, page_size: 50 } },
    { keep: true },
  );
  const hidden = mayNotSee(records.error);
  const instead = hidden || Boolean(records.data?.reason);
  const findings = useAnswer(`${PATH}/findings` as const, {
    params,
    query: { code, severity, page_token: instead ? page_token : "", page_size: 100 },
  });
  const groups = useAnswer(`${PATH}/groups` as const, { params }, { enabled: tab === "rules" });
  if (isNoObject(submission.error)) return <NotFound />;
  const shown = recordPage(records.data, findings.data, hidden, t);
  const filtered = code && records.data ? onlyWith(shown, code) : shown;
  const next = instead ? findings.data?.next_page_token : records.data?.next_page_token;
  const route = submission.data?.route;
  return (
    <Page title={t.frame.titles.findings}>
      <Loaded asked={submission} what={t.frame.titles.submission}>
        {(data) => (
          <>
            <p>
              <Link to={pathFor(agency.agency, `/submissions/${id}`)}>{data.file_name}</Link>
            </p>
            <Outcome submission={data} />
            <p className="note">
              {route === "MANUAL"
                ? t.findings.sameWayManual
                : t.findings.sameWay(wordFor(t.codes.routes, route))}
            </p>
          </>
        )}
      </Loaded>
      <div className="ask">
        <SeverityField
          severity={severity}
          onSeverity={(value) => change({ severity: value, ...firstPage })}
        />
      </div>
      <FindingTabs
        tab={tab}
        onTab={(key) => change({ tab: key, ...firstPage })}
        code={code}
        onCode={(one) => change({ code: one, tab: "records", ...firstPage })}
        records={{
          data: filtered,
          error: hidden ? findings.error : (records.error ?? findings.error),
          isPlaceholderData: records.isPlaceholderData,
          refetch: () => (hidden ? findings : records).refetch(),
        }}
        groups={{ ...groups, data: ofSeverity(groups.data, severity) }}
        exports={{
          records: instead
            ? { path: `${PATH}/findings`, params, query: { code, severity } }
            : { path: `${PATH}/records`, params, query: { with: "findings", code, severity } },
          rules: { path: `${PATH}/groups`, params },
        }}
        paging={
          <TokenPages
            n={n}
            nextToken={next ?? ""}
            onNext={(token, page) => change({ page_token: token, n: page })}
            onFirst={() => change(firstPage)}
          />
        }
      />
    </Page>
  );
}

function ofSeverity<T extends { groups: { severity: string }[] }>(
  data: T | undefined,
  severity: string,
): T | undefined {
  if (!data || !severity) return data;
  return { ...data, groups: data.groups.filter((group) => group.severity === severity) };
}

function onlyWith(page: ReturnType<typeof recordPage>, code: string) {
  if (!page) return page;
  const has = (record: { findings: { code: string }[] }) =>
    record.findings.some((finding) => finding.code === code);
  return { ...page, records: page.records.filter(has) };
}
