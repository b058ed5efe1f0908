import { useWords } from "../words/use";
import type { MenuLink } from "./Frame";
import { logInAddress } from "./login";
import { OPEN_PAGES } from "./routes";
import { useSession } from "./session";

/** 「主選單」 of the pages without an agency. */
export function useOpenMenu({ reload = false } = {}): MenuLink[] {
  const { t } = useWords();
  const { known } = useSession();
  const loggedIn = known.state === "known";
  const pages = OPEN_PAGES.filter(({ inMenu }) => inMenu).map(({ path, title }) => ({
    to: `/${path}`,
    label: t.frame.titles[title],
  }));
  const last = loggedIn
    ? { to: "/", label: t.frame.goHome }
    : { to: logInAddress(returnPath()), label: t.frame.logIn, outside: true, apart: true };
  return [...pages, last].map((link) => (reload ? { ...link, outside: true } : link));
}

function returnPath(): string {
  const { pathname, search } = window.location;
  return pathname + search;
}
