import { expect, it } from "vitest";
import { blocksOf, inlinesOf } from "./markdown";

it("the forms of the format document are read", () => {
  const text =
    "# 一\n\n> 註\n\n段落\n續\n\n* 甲\n* 乙\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```json\n{}\n```";
  expect(blocksOf(text)).toEqual([
    { kind: "heading", level: 1, text: "一" },
    { kind: "quote", text: "註" },
    { kind: "paragraph", text: "段落\n續" },
    { kind: "list", items: ["甲", "乙"] },
    { kind: "table", head: ["a", "b"], rows: [["1", "2"]] },
    { kind: "code", text: "{}" },
  ]);
});

it("a document that ends in the middle of something is read to its end", () => {
  expect(blocksOf("```\n{}")).toEqual([{ kind: "code", text: "{}" }]);
  expect(blocksOf("|a")).toEqual([{ kind: "paragraph", text: "|a" }]);
});

it("marks within a line become pieces, a lone star stays a star", () => {
  expect(inlinesOf("標 * 者 `x` **重** [文件](a.md)").map(({ kind }) => kind)).toEqual([
    "text",
    "code",
    "text",
    "strong",
    "text",
  ]);
});
