import { Page, Section } from "../../parts/Page";
import { manual as en } from "../../words/en/manual";
import { useWords } from "../../words/use";
import { manual as zh } from "../../words/zh/manual";

/** 使用者操作手冊. Its words come with the page, not with every page. */
export default function ManualPage() {
  const { t, language } = useWords();
  const manual = language === "zh" ? zh : en;
  return (
    <Page title={t.frame.titles.manual} lead={manual.intro}>
      <nav className="narrow" aria-labelledby="contents">
        <h2 id="contents">{manual.contents}</h2>
        <ol>
          {manual.chapters.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ol>
      </nav>
      {manual.chapters.map(({ id, title, lead, steps, notes }) => (
        <div key={id} id={id} className="chapter">
          <Section title={title}>
            <p>{lead}</p>
            <ol>
              {steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            {notes.length > 0 && (
              <>
                <h3>{manual.notes}</h3>
                <ul>
                  {notes.map((note) => (
                    <li key={note}>{note}</li>
                  ))}
                </ul>
              </>
            )}
          </Section>
        </div>
      ))}
    </Page>
  );
}
