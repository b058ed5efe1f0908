import { useQuery } from "@tanstack/react-query";
import { readText } from "../../api/client";
import { DataTable } from "../../parts/DataTable";
import { Loaded } from "../../parts/Failed";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/use";
import { type Block, blocksOf, inlinesOf } from "./markdown";

/** 介接格式: the document as the API has it, with the sample and the schema. */
export default function FormatPage() {
  const { t } = useWords();
  const asked = useQuery({
    queryKey: [null, "/api/v1/format"],
    queryFn: ({ signal }) => readText("/api/v1/format", { acting: null, signal }),
  });
  const title = t.frame.titles.format;
  return (
    <Page title={title} lead={t.open.formatIntro}>
      <ul>
        <li>
          <a href="/api/v1/format/sample" download="sample.json">
            {t.open.sample}
          </a>
        </li>
        <li>
          <a href="/api/v1/format/schema" download="submission.schema.json">
            {t.open.schema}
          </a>
        </li>
        <li>
          <a href="/api/v1/format?download=true" download="data-format.md">
            {t.open.document}
          </a>
        </li>
      </ul>
      <Loaded asked={asked} what={title}>
        {(markdown) => (
          <article className="document" lang="zh-Hant-TW">
            <Blocks blocks={blocksOf(markdown)} />
          </article>
        )}
      </Loaded>
    </Page>
  );
}

/** The text of a document never moves, so that the places of its pieces are their keys. */
function Blocks({ blocks }: { blocks: Block[] }) {
  let section = "";
  return blocks.map((block, at) => {
    if (block.kind === "heading") section = block.text;
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    return <BlockOf key={at} block={block} section={section} />;
  });
}

function BlockOf({ block, section }: { block: Block; section: string }) {
  switch (block.kind) {
    case "heading": {
      const Heading = block.level <= 2 ? "h2" : "h3";
      return (
        <Heading>
          <Inlines text={block.text} />
        </Heading>
      );
    }
    case "code":
      return <pre>{block.text}</pre>;
    case "quote":
      return (
        <blockquote className="note">
          <Inlines text={block.text} />
        </blockquote>
      );
    case "list":
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>
              <Inlines text={item} />
            </li>
          ))}
        </ul>
      );
    case "table":
      return (
        <DataTable
          caption={section}
          columns={block.head.map((head, column) => ({
            key: `${head} ${column}`,
            head: <Inlines text={head} />,
            cell: (row: string[]) => <Inlines text={row[column] ?? ""} />,
          }))}
          rows={block.rows}
          rowKey={(_, at) => String(at)}
        />
      );
    default:
      return (
        <p>
          <Inlines text={block.text} />
        </p>
      );
  }
}

function Inlines({ text }: { text: string }) {
  return inlinesOf(text).map(({ kind, text: piece }, at) => {
    const Tag = kind === "code" ? "code" : kind === "strong" ? "strong" : "em";
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move
    return kind === "text" ? piece : <Tag key={at}>{piece}</Tag>;
  });
}
