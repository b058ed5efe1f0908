/**
 * The format document is Markdown that the platform itself wrote. Read here are the forms that it
 * uses: headings, paragraphs, lists, tables, quotations, code. Nothing of it becomes HTML by itself.
 */
export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph" | "quote" | "code"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "table"; head: string[]; rows: string[][] };

const cellsOf = (line: string) =>
  line
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

type Reader = (lines: string[]) => Block | null;

const fence: Reader = (lines) => {
  if (!lines[0]?.startsWith("```")) return null;
  lines.shift();
  const text: string[] = [];
  while (lines.length && !lines[0]?.startsWith("```")) text.push(lines.shift() ?? "");
  lines.shift();
  return { kind: "code", text: text.join("\n") };
};

const heading: Reader = (lines) => {
  const found = /^(#{1,6}) (.*)$/.exec(lines[0] ?? "");
  if (!found?.[1]) return null;
  lines.shift();
  return { kind: "heading", level: found[1].length, text: found[2] ?? "" };
};

function takeWhile(lines: string[], test: RegExp): string[] {
  const taken: string[] = [];
  while (lines.length && test.test(lines[0] ?? "")) taken.push(lines.shift() ?? "");
  return taken;
}

const table: Reader = (lines) => {
  if (!/^\|/.test(lines[0] ?? "") || !/^\|[\s:|-]+$/.test(lines[1] ?? "")) return null;
  const [head = "", , ...rows] = takeWhile(lines, /^\|/);
  return { kind: "table", head: cellsOf(head), rows: rows.map(cellsOf) };
};

const list: Reader = (lines) => {
  const items = takeWhile(lines, /^[*-] /);
  return items.length ? { kind: "list", items: items.map((item) => item.slice(2)) } : null;
};

const quote: Reader = (lines) => {
  const taken = takeWhile(lines, /^>/);
  const text = taken.map((line) => line.replace(/^> ?/, "")).join("\n");
  return taken.length ? { kind: "quote", text } : null;
};

const paragraph: Reader = (lines) => ({
  kind: "paragraph",
  text: [lines.shift(), ...takeWhile(lines, /^(?!#|\||>|```|[*-] |\s*$)/)].join("\n"),
});

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split(/\r?\n/);
  const blocks: Block[] = [];
  while (lines.length) {
    if (lines[0]?.trim() === "") {
      lines.shift();
      continue;
    }
    for (const reader of [fence, heading, table, list, quote, paragraph]) {
      const block = reader(lines);
      if (!block) continue;
      blocks.push(block);
      break;
    }
  }
  return blocks;
}

/** `code`, **strong** and *emphasis* within a line; links are shown as their text. */
export interface Inline {
  kind: "text" | "code" | "strong" | "em";
  text: string;
}

export function inlinesOf(text: string): Inline[] {
  const plain = text.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");
  return plain.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/).flatMap((piece): Inline[] => {
    if (!piece) return [];
    if (piece.startsWith("`")) return [{ kind: "code", text: piece.slice(1, -1) }];
    if (piece.startsWith("**")) return [{ kind: "strong", text: piece.slice(2, -2) }];
    if (piece.length > 2 && piece.startsWith("*") && piece.endsWith("*"))
      return [{ kind: "em", text: piece.slice(1, -1) }];
    return [{ kind: "text", text: piece }];
  });
}
