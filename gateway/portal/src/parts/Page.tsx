import { type ReactNode, useEffect } from "react";
import { showHeading } from "../app/title";
import { useWords } from "../words/use";

/** A page's one h1 and the browser's title. Headings of pages that were opened take the focus. */
let lastPath: string | null = null;

export function Page({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  const { t } = useWords();
  useEffect(() => {
    showHeading(title, t.frame.platform, t.frame.errorPrefix);
  }, [title, t]);
  useEffect(() => {
    const path = window.location.pathname;
    if (lastPath !== null && lastPath !== path) document.querySelector("h1")?.focus();
    lastPath = path;
  }, []);
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      {lead && <div className="lead">{lead}</div>}
      {children}
    </>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="section">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
