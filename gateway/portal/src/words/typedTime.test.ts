import { expect, it } from "vitest";
import { typedTime } from "./typedTime";

it("a typed time is one in Taipei", () => {
  expect(typedTime("115/11/05 09:00")).toBe("2026-11-05T09:00:00+08:00");
  expect(typedTime("2026-11-05 23:59:01")).toBe("2026-11-05T23:59:01+08:00");
  expect(typedTime("115/11/05")).toBeNull();
  expect(typedTime("115/11/05 24:00")).toBeNull();
});
