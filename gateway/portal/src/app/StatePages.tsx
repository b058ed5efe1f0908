import { Component, type ReactNode } from "react";
import { Link } from "react-router";
import { Page } from "../parts/Page";
import { useWords } from "../words/use";

/** Pages that stand where another one was asked for. */
export function NotFound() {
  const { t } = useWords();
  return (
    <Page title={t.frame.titles.notFound}>
      <p>{t.states.notFoundText}</p>
      <p>{t.states.notFoundNext}</p>
    </Page>
  );
}

/** 「沒有權限」; for an agency that the person may not act for, with the way to another one. */
export function Refused({ foreign, reload }: { foreign?: boolean; reload?: boolean }) {
  const { t } = useWords();
  return (
    <Page title={t.frame.titles.refused}>
      <p>{t.states.refusedText}</p>
      <p>{t.states.refusedNext}</p>
      {foreign && (
        <p>
          <Link to="/identity" reloadDocument={reload}>
            {t.frame.switchAgency}
          </Link>
        </p>
      )}
    </Page>
  );
}

export function NoRole() {
  const { t } = useWords();
  return (
    <Page title={t.frame.titles.noRole}>
      <p>{t.states.noRoleText}</p>
      <ol className="steps-list">
        {t.states.noRoleSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p className="note">{t.states.delegatedNote}</p>
    </Page>
  );
}

interface BrokenProps {
  title: string;
  text: string;
  retry: string;
  children: ReactNode;
}

/** A part that throws leaves a sentence and 「重試」, never a blank page. */
export class Broken extends Component<BrokenProps, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    const { title, text, retry, children } = this.props;
    if (!this.state.broken) return children;
    return (
      <div role="alert">
        <h1>{title}</h1>
        <p>{text}</p>
        <button type="button" className="secondary" onClick={() => window.location.reload()}>
          {retry}
        </button>
      </div>
    );
  }
}
