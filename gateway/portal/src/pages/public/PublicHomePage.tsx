import { Link } from "react-router";
import { NotFound } from "../../app/StatePages";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/use";
import { Announcements, useGoneAnnouncement } from "../home/Announcements";

/** `/` for nobody in particular: what the platform is, its public announcements, the open pages. */
export default function PublicHomePage() {
  const { t } = useWords();
  const gone = useGoneAnnouncement();
  const cards = [
    { to: "/rules", title: t.open.toRules, text: t.open.toRulesText },
    { to: "/format", title: t.open.toFormat, text: t.open.toFormatText },
    { to: "/verify", title: t.open.toVerify, text: t.open.toVerifyText },
  ];
  if (gone) return <NotFound />;
  return (
    <Page title={t.frame.platform} lead={t.open.welcome}>
      <p>{t.open.welcomeText}</p>
      <ul className="cards">
        {cards.map(({ to, title, text }) => (
          <li key={to}>
            <Link to={to}>{title}</Link>
            <p>{text}</p>
          </li>
        ))}
      </ul>
      <Announcements />
    </Page>
  );
}
