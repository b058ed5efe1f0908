import { Page, Section } from "../../parts/Page";
import { useWords } from "../../words/use";

/** 使用者操作手冊. */
export default function ManualPage() {
  const { t } = useWords();
  return (
    <Page title={t.frame.titles.manual} lead={t.manual.intro}>
      {t.manual.chapters.map(({ title, steps }) => (
        <Section key={title} title={title}>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </Section>
      ))}
    </Page>
  );
}
