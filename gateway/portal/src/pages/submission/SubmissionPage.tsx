import { useParams } from "react-router";
import { isNoObject } from "../../api/problem";
import { useAnswer } from "../../api/queries";
import type { Submission } from "../../api/shapes";
import { useLiveSubmission } from "../../api/submissions";
import { pathFor, useActingFor } from "../../app/acting";
import { NotFound } from "../../app/StatePages";
import { RuleTable } from "../../findings/RuleTable";
import { StateBadge } from "../../parts/Badge";
import { ExportButtons } from "../../parts/ExportButtons";
import { Loaded } from "../../parts/Failed";
import { NewWindowLink } from "../../parts/NewWindowLink";
import { Outcome } from "../../parts/Outcome";
import { DISPOSITIONS, isTerminal } from "../../parts/outcomeSentence";
import { Page, Section } from "../../parts/Page";
import { count } from "../../words/numbers";
import { useWords, wordFor } from "../../words/use";
import { ReceiptSheet } from "./ReceiptSheet";

/** 報送結果: the outcome first, live until it is final. */
export default function SubmissionPage() {
  const { t } = useWords();
  const { id = "" } = useParams();
  const asked = useLiveSubmission(id);
  const title = t.frame.titles.submission;
  if (isNoObject(asked.error)) return <NotFound />;
  return (
    <Page title={title}>
      <Loaded asked={asked} what={title}>
        {(submission) => (
          <>
            <Outcome submission={submission} />
            <Standing submission={submission} />
            {submission.dispositions && <DispositionList submission={submission} />}
            {submission.error_count !== null && <FoundRules submission={submission} />}
            <ReceiptSheet id={id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Standing({ submission }: { submission: Submission }) {
  const { t, time, language } = useWords();
  return (
    <Section title={t.outcome.state}>
      <p>
        <StateBadge state={submission.state} /> {submission.state_text[language]}
      </p>
      <dl className="facts">
        <dt>{t.outcome.nextActor}</dt>
        <dd>{t.codes.next_actors[submission.next_actor]}</dd>
        <dt>{t.history.fileName}</dt>
        <dd>{submission.file_name}</dd>
        <dt>{t.outcome.route}</dt>
        <dd>{wordFor(t.codes.routes, submission.route)}</dd>
        <dt>{t.outcome.receivedAt}</dt>
        <dd>{time(submission.received_at)}</dd>
        <dt>{t.outcome.countedAt}</dt>
        <dd>{time(submission.counted_at)}</dd>
      </dl>
      {!isTerminal(submission.state) && <p className="hint">{t.outcome.live}</p>}
    </Section>
  );
}

function DispositionList({ submission }: { submission: Submission }) {
  const { t } = useWords();
  const { dispositions, total } = submission;
  if (!dispositions) return null;
  return (
    <Section title={t.outcome.dispositions}>
      <ul className="counts">
        {DISPOSITIONS.map((name) => (
          <li key={name}>
            {t.codes.dispositions[name]} <span className="figure">{count(dispositions[name])}</span>
          </li>
        ))}
      </ul>
      <p>
        {t.lists.total} {count(total)}
      </p>
    </Section>
  );
}

function FoundRules({ submission }: { submission: Submission }) {
  const { t } = useWords();
  const { agency } = useActingFor();
  const { submission_id: id, error_count, warning_count } = submission;
  const some = (error_count ?? 0) + (warning_count ?? 0) > 0;
  const asked = useAnswer("/api/v1/submissions/{id}/groups", { params: { id } }, { enabled: some });
  return (
    <Section title={t.outcome.findings}>
      {!some && <p>{t.outcome.noFindings}</p>}
      {some && (
        <Loaded asked={asked} what={t.outcome.findings}>
          {(data) => (
            <>
              <ExportButtons path="/api/v1/submissions/{id}/groups" params={{ id }} />
              <RuleTable groups={data.groups} caption={t.outcome.findings} />
              <p>
                <NewWindowLink
                  to={pathFor(agency.agency, `/submissions/${id}/findings`)}
                  label={t.summary.findings}
                  of={submission.file_name}
                />
              </p>
            </>
          )}
        </Loaded>
      )}
    </Section>
  );
}
