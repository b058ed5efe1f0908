import { Link } from "react-router";
import { pathFor, useActingFor, useMay } from "../../app/acting";
import { NotFound } from "../../app/StatePages";
import { Page, Section } from "../../parts/Page";
import { useWords } from "../../words/use";
import { Announcements, useGoneAnnouncement } from "./Announcements";
import { Monthly } from "./Monthly";
import { Workbench } from "./Workbench";

export default function HomePage() {
  const { t } = useWords();
  const { agency } = useActingFor();
  const reads = useMay("agency_clerk", "supervisor", "operator", "auditor");
  if (useGoneAnnouncement()) return <NotFound />;
  return (
    <Page title={t.frame.titles.home}>
      {reads && <Workbench />}
      <Announcements />
      {reads && <Monthly />}
      {!reads && (
        <Section title={t.home.personnel}>
          <ul>
            {(["unmatched", "table19"] as const).map((page) => (
              <li key={page}>
                <Link to={pathFor(agency.agency, `/${page}`)}>{t.frame.titles[page]}</Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}
