import { useWords } from "../words/use";

/** 「功能說明」 of the pages that take files, with the three documents. */
export function ReadMe({ lines }: { lines: readonly string[] }) {
  const { t } = useWords();
  return (
    <section className="section">
      <h2>{t.files.help}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <a href="/format">{t.files.formatLink}</a>
        {"　"}
        <a href="/api/v1/format/sample" download="sample.json">
          {t.files.sampleLink}
        </a>
        {"　"}
        <a href="/api/v1/format/schema" download="submission.schema.json">
          {t.files.schemaLink}
        </a>
      </p>
    </section>
  );
}
