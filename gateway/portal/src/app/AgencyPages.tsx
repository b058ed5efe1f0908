import { useMemo } from "react";
import { Route, Routes, useParams } from "react-router";
import { useAnswer } from "../api/queries";
import type { Session } from "../api/shapes";
import { count } from "../words/numbers";
import { useWords } from "../words/use";
import { type Acting, ActingProvider, pathFor } from "./acting";
import { Frame, type MenuLink } from "./Frame";
import { useOpenMenu } from "./openMenu";
import { Person } from "./Person";
import { AGENCY_PAGES } from "./routes";
import { NoRole, NotFound, Refused } from "./StatePages";
import { agenciesOf, rolesFor } from "./timeAndRights";

/** All under /a/CODE: only for who may act for that agency, with the links that the roles allow. */
export function AgencyPages({ session }: { session: Session }) {
  const { agency: code = "" } = useParams();
  const agency = agenciesOf(session).find((one) => one.agency === code);
  const roles = rolesFor(session, code);
  const own = code === session.agency.agency;
  const acting = useMemo<Acting | null>(
    () => (agency && roles.length ? { agency, delegated: !own, roles } : null),
    [agency, own, roles],
  );
  if (session.roles.length === 0) return <WithoutAgency session={session} noRole />;
  if (!acting) return <WithoutAgency session={session} />;
  return (
    <ActingProvider value={acting}>
      <ActingFrame key={code} session={session} acting={acting} />
    </ActingProvider>
  );
}

function WithoutAgency({ session, noRole }: { session: Session; noRole?: boolean }) {
  const menu = useOpenMenu();
  return (
    <Frame home="/" menu={menu} banner={<Person session={session} />}>
      {noRole ? <NoRole /> : <Refused foreign />}
    </Frame>
  );
}

function ActingFrame({ session, acting }: { session: Session; acting: Acting }) {
  const { t, aside } = useWords();
  const code = acting.agency.agency;
  const reads = acting.roles.some((role) => role !== "personnel_office");
  const { data } = useAnswer(
    "/api/v1/notices",
    { query: { page_size: 1 }, background: true },
    { enabled: reads, refetchInterval: 5 * 60_000 },
  );
  const may = (roles: readonly string[]) => acting.roles.some((role) => roles.includes(role));
  const menu: MenuLink[] = AGENCY_PAGES.filter(({ inMenu, roles }) => inMenu && may(roles)).map(
    ({ path, title }) => ({
      to: pathFor(code, path ? `/${path}` : ""),
      label:
        title === "notices" && data?.unread
          ? t.frame.titles.notices + aside(count(data.unread))
          : t.frame.titles[title],
    }),
  );
  return (
    <Frame
      home={pathFor(code)}
      menu={menu}
      tone={acting.delegated ? "delegated" : undefined}
      banner={<Person session={session} agency={acting.agency} delegated={acting.delegated} />}
    >
      <Routes>
        {AGENCY_PAGES.map(({ path, roles, page: PageOf }) => (
          <Route key={path} path={path} element={may(roles) ? <PageOf /> : <Refused />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Frame>
  );
}
