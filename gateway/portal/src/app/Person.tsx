import { useNavigate } from "react-router";
import type { NamedAgency, Session } from "../api/shapes";
import { Badge } from "../parts/Badge";
import { useWords } from "../words/use";
import { LogOut } from "./LogOut";

/** Who is logged in, for which agency, and the ways out. */
export function Person(props: { session: Session; agency?: NamedAgency; delegated?: boolean }) {
  const { session, agency, delegated } = props;
  const { t } = useWords();
  const navigate = useNavigate();
  return (
    <div className="person">
      {agency && (
        <p className="acting">
          {t.frame.actingAs(agency.name, agency.agency)}
          {delegated && <Badge tone="quiet">{t.frame.delegated}</Badge>}
        </p>
      )}
      <p className="person-name">{session.name}</p>
      {agency && (
        <button type="button" className="on-dark" onClick={() => navigate("/identity")}>
          {t.frame.switchAgency}
        </button>
      )}
      <LogOut />
    </div>
  );
}
