import { type ReactNode, Suspense } from "react";
import { Link, NavLink } from "react-router";
import { useAnswer } from "../api/queries";
import { Loading } from "../parts/Failed";
import { useWords } from "../words/use";
import { Broken } from "./StatePages";

/** Skip link, banner, 「主選單」, main and footer: the same around every page. */
export interface MenuLink {
  to: string;
  label: ReactNode;
  /** Leaves the portal's pages, for example for the login. */
  outside?: boolean;
  /** Stands apart, as the one thing to do for who is not logged in. */
  apart?: boolean;
}

export function Frame(props: {
  home: string;
  menu: MenuLink[];
  banner?: ReactNode;
  tone?: "delegated";
  children: ReactNode;
}) {
  const { home, menu, banner, tone, children } = props;
  const { t } = useWords();
  return (
    <>
      <a className="skip" href="#main">
        {t.frame.skip}
      </a>
      <header className={tone ? `banner ${tone}` : "banner"}>
        <div className="banner-inner">
          <Link className="platform" to={home}>
            {t.frame.platform}
          </Link>
          {banner}
        </div>
      </header>
      <nav className="menu" aria-label={t.frame.menu}>
        <ul>
          {menu.map(({ to, label, outside, apart }) => (
            <li key={to} className={apart ? "apart" : undefined}>
              {outside ? (
                <a href={to}>{label}</a>
              ) : (
                <NavLink to={to} end>
                  {label}
                </NavLink>
              )}
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1}>
        <Broken title={t.states.brokenTitle} text={t.states.brokenText} retry={t.lists.retry}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </Broken>
      </main>
      <Footer />
    </>
  );
}

function Footer() {
  const { t, language, switchLanguage } = useWords();
  const { data } = useAnswer("/api/v1/platform");
  const contact = language === "en" ? data?.contact_en : data?.contact;
  return (
    <footer className="footer">
      <p>{t.frame.contact(contact || t.frame.operator)}</p>
      <p>{t.frame.accessibility}</p>
      <ul>
        <li>
          <a href="/manual">{t.frame.manual}</a>
        </li>
        <li>
          <button
            type="button"
            className="link"
            lang={t.frame.otherLanguageTag}
            onClick={switchLanguage}
          >
            {t.frame.otherLanguage}
          </button>
        </li>
        <li>{t.frame.version(__VERSION__)}</li>
      </ul>
    </footer>
  );
}
