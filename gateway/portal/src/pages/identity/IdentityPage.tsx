import { Link } from "react-router";
import { pathFor } from "../../app/acting";
import { useSession } from "../../app/session";
import { agenciesOf } from "../../app/timeAndRights";
import { Badge } from "../../parts/Badge";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/use";

/** 選擇身分: one link per agency, the own one first. */
export default function IdentityPage() {
  const { t, aside } = useWords();
  const { known } = useSession();
  if (known.state !== "known") return null;
  return (
    <Page title={t.frame.titles.identity} lead={t.states.identityText}>
      <ul className="agencies">
        {agenciesOf(known.session).map(({ agency, name }, at) => (
          <li key={agency}>
            <Link to={pathFor(agency)}>{name + aside(agency)}</Link>
            {at > 0 && <Badge tone="quiet">{t.frame.delegated}</Badge>}
          </li>
        ))}
      </ul>
      <p className="note">{t.states.delegatedNote}</p>
    </Page>
  );
}
