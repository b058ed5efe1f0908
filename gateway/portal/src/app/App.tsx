import { useEffect } from "react";
import { Route, Routes, useLocation } from "react-router";
import { Failed, Loading } from "../parts/Failed";
import { useWords } from "../words/use";
import { AgencyPages } from "./AgencyPages";
import { Frame } from "./Frame";
import { LoginDone } from "./LoginDone";
import { logInAddress } from "./login";
import { OpenPages } from "./OpenPages";
import { useOpenMenu } from "./openMenu";
import { Refused } from "./StatePages";
import { useSession } from "./session";

/** From the session to a page: who is not logged in goes through the login and comes back. */
export function App() {
  const { warning } = useSession();
  const menu = useOpenMenu({ reload: true });
  if (warning === "other_person")
    return (
      <Frame home="/" menu={menu}>
        <Refused foreign reload />
      </Frame>
    );
  return (
    <Routes>
      <Route path="/auth/done" element={<LoginDone />} />
      <Route path="/a/:agency/*" element={<WithLogin />} />
      <Route path="*" element={<OpenOrAsking />} />
    </Routes>
  );
}

function WithLogin() {
  const { known } = useSession();
  if (known.state === "nobody") return <ToLogin />;
  if (known.state !== "known") return <NotYet />;
  return <AgencyPages session={known.session} />;
}

/** `/` and `/identity` decide by the session; the other open pages do not need it. */
function OpenOrAsking() {
  const { known } = useSession();
  const { pathname } = useLocation();
  const undecided = known.state === "asking" || known.state === "failed";
  if (undecided && ["/", "/identity"].includes(pathname)) return <NotYet />;
  if (known.state === "nobody" && pathname === "/identity") return <ToLogin />;
  return <OpenPages />;
}

function ToLogin() {
  const { pathname, search } = useLocation();
  useEffect(() => {
    window.location.replace(logInAddress(pathname + search));
  }, [pathname, search]);
  return <NotYet />;
}

function NotYet() {
  const { t } = useWords();
  const { known, ask } = useSession();
  const menu = useOpenMenu();
  return (
    <Frame home="/" menu={known.state === "failed" ? menu : []}>
      <h1>{t.frame.platform}</h1>
      {known.state === "failed" ? (
        <Failed what={t.frame.logIn} error={known.error} onRetry={ask} />
      ) : (
        <Loading />
      )}
    </Frame>
  );
}
