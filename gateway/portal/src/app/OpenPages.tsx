import { Navigate, Route, Routes } from "react-router";
import { pathFor } from "./acting";
import { Frame } from "./Frame";
import { useOpenMenu } from "./openMenu";
import { Person } from "./Person";
import { IdentityPage, OPEN_PAGES, PublicHome } from "./routes";
import { NoRole, NotFound } from "./StatePages";
import { useSession } from "./session";
import { agenciesOf } from "./timeAndRights";

/** Pages without an agency. */
export function OpenPages() {
  const menu = useOpenMenu();
  const { known } = useSession();
  const session = known.state === "known" ? known.session : null;
  return (
    <Frame home="/" menu={menu} banner={session && <Person session={session} />}>
      <Routes>
        <Route path="/" element={<Start />} />
        <Route path="/identity" element={session?.roles.length ? <IdentityPage /> : <Start />} />
        {OPEN_PAGES.map(({ path, page: PageOf }) => (
          <Route key={path} path={`/${path}`} element={<PageOf />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Frame>
  );
}

/** `/`: public for nobody; else the one agency's home, or the choice. */
function Start() {
  const { known } = useSession();
  if (known.state !== "known") return <PublicHome />;
  const { session } = known;
  if (session.roles.length === 0) return <NoRole />;
  const agencies = agenciesOf(session);
  const to = agencies.length > 1 ? "/identity" : pathFor(session.agency.agency);
  return <Navigate to={to} replace />;
}
