import { expect, it } from "vitest";
import type { Rule } from "../../api/shapes";
import { foundRules } from "./search";

const rule = (code: string, message_zh: string): Rule => ({
  code,
  message_zh,
  message_en: "x",
  field: "location",
  scope: "record",
  severity: "error",
  valid_from: null,
  valid_to: null,
});
const RULES = [
  rule("L18", "地點不得為空白"),
  rule("F06", "JSON 語法錯誤-第{n}行第{m}字"),
  rule("S05", "{x}長度超過{n}字"),
];
const codes = (typed: string) => foundRules(RULES, typed).map(({ code }) => code);

it("rules are found by code, by a pasted message and by a part of it", () => {
  expect(codes("l18")).toEqual(["L18"]);
  expect(codes("JSON 語法錯誤-第12行第3字")).toEqual(["F06"]);
  expect(codes("地點")).toEqual(["L18"]);
  expect(codes("L18 地點不得為空白（第 3 筆）")).toEqual(["L18"]);
  expect(codes("事由長度超過200字")).toEqual(["S05"]);
  expect(codes("")).toHaveLength(3);
  expect(codes("沒有這種訊息")).toEqual([]);
});
