import { describe, expect, it } from "vitest";
import { zh } from "../words/zh";
import { outcomeSentence } from "./outcomeSentence";

const nothing = {
  counted: 0,
  unmatched: 0,
  deletion: 0,
  unchanged: 0,
  stale: 0,
  superseded: 0,
  invalid: 0,
};
const state_text = { zh: "檔案有錯誤，整檔未收", en: "file not accepted" };

describe("the outcome sentence", () => {
  it("says what was counted and what is to be corrected", () => {
    const dispositions = { ...nothing, counted: 498, invalid: 2 };
    expect(
      outcomeSentence({ state: "COUNTED_PARTIAL", state_text, total: 500, dispositions }, zh, "zh"),
    ).toBe("已收 500 筆：498 筆計入，2 筆有誤須更正");
  });
  it("names every disposition in the order of the contract", () => {
    const dispositions = {
      counted: 1,
      unmatched: 2,
      deletion: 3,
      unchanged: 4,
      stale: 5,
      superseded: 6,
      invalid: 7,
    };
    expect(
      outcomeSentence({ state: "COUNTED_PARTIAL", state_text, total: 28, dispositions }, zh, "zh"),
    ).toBe(
      "已收 28 筆：1 筆計入，2 筆未比對，3 筆刪除，4 筆未變更，5 筆較舊，6 筆已被取代，7 筆有誤須更正",
    );
  });
  it("ends after the number when a file had no record", () => {
    expect(
      outcomeSentence({ state: "COUNTED", state_text, total: 0, dispositions: nothing }, zh, "zh"),
    ).toBe("已收 0 筆");
  });
  it("says the text of the state for a rejected file, and that others are in progress", () => {
    const open = { state_text, total: null, dispositions: null };
    expect(outcomeSentence({ ...open, state: "REJECTED_FILE" }, zh, "zh")).toBe(state_text.zh);
    expect(outcomeSentence({ ...open, state: "MATCHED" }, zh, "zh")).toBe("處理中：已比對");
  });
});
