import { describe, expect, it } from "vitest";
import {
  fileMonth,
  monthBefore,
  monthsBefore,
  shownDate,
  shownMonth,
  shownTime,
  todayInTaipei,
  typedDate,
  typedMonth,
} from "./dates";

describe("dates as a clerk reads them", () => {
  it("shows years of the Republic in Chinese and ISO in English", () => {
    expect(shownDate("2026-11-05", "zh")).toBe("115/11/05");
    expect(shownDate("2026-11-05", "en")).toBe("2026-11-05");
    expect(shownMonth("2026-10", "zh")).toBe("115/10");
    expect(shownMonth("2010-01", "zh")).toBe("99/01");
  });

  it("shows times in Taipei, also across midnight", () => {
    expect(shownTime("2026-11-05T09:31:02.123+08:00", "zh")).toBe("115/11/05 09:31:02");
    expect(shownTime("2026-12-31T16:00:00Z", "zh")).toBe("116/01/01 00:00:00");
    expect(shownTime("never", "zh")).toBe("never");
  });

  it("knows the day in Taipei", () => {
    expect(todayInTaipei(new Date("2026-11-28T18:00:00Z"))).toBe("2026-11-29");
  });
});

describe("dates as a clerk types them", () => {
  it.each(["115/11/05", "115/11/5", "1151105", "2026-11-05", " 115/11/05 "])("takes %s", (typed) =>
    expect(typedDate(typed)).toBe("2026-11-05"),
  );
  it.each(["", "115/13/01", "115/02/29", "11511", "05/11/115", "2026/11/05", "abc"])(
    "refuses %j",
    (typed) => expect(typedDate(typed)).toBeNull(),
  );
  it("knows leap years", () => expect(typedDate("113/02/29")).toBe("2024-02-29"));
  it.each(["115/10", "11510", "2026-10"])("takes the month %s", (typed) =>
    expect(typedMonth(typed)).toBe("2026-10"),
  );
  it.each(["115/00", "115/13", "2026/10", "1151"])("refuses the month %s", (typed) =>
    expect(typedMonth(typed)).toBeNull(),
  );
});

describe("counting months", () => {
  it("keeps the day, or takes the last one of a shorter month", () => {
    expect(monthsBefore("2026-11-28", 1)).toBe("2026-10-28");
    expect(monthsBefore("2026-03-31", 1)).toBe("2026-02-28");
    expect(monthsBefore("2026-01-15", 1)).toBe("2025-12-15");
    expect(monthBefore("2026-01", 12)).toBe("2025-01");
  });
  it("writes a month as files have it", () => expect(fileMonth("2026-10")).toBe("11510"));
});
