import { describe, expect, it } from "vitest";
import { paragraphsOf, piecesOf } from "./AnnouncementDialog";

const linksIn = (text: string) => piecesOf(text).flatMap(({ link }) => link ?? []);

describe("the text of an announcement", () => {
  it("links https addresses and stops before punctuation", () => {
    expect(linksIn("請見 https://example.gov.tw/a?b=1。謝謝")).toEqual([
      "https://example.gov.tw/a?b=1",
    ]);
    expect(linksIn("(https://example.gov.tw/a).")).toEqual(["https://example.gov.tw/a"]);
    expect(linksIn("「https://example.gov.tw」、https://b.tw")).toEqual([
      "https://example.gov.tw",
      "https://b.tw",
    ]);
  });
  it("links nothing else", () => {
    expect(linksIn("http://example.gov.tw javascript:alert(1)")).toEqual([]);
  });
  it("loses no character", () => {
    const text = "甲 https://a.tw, 乙";
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
  it("has paragraphs between blank lines", () => {
    expect(paragraphsOf("一\n續\n\n二")).toEqual(["一\n續", "二"]);
  });
});
