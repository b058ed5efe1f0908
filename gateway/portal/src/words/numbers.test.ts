import { describe, expect, it } from "vitest";
import { count, percent } from "./numbers";

describe("numbers", () => {
  it("have thousands separators, and a dash where nothing is known", () => {
    expect(count(1234567)).toBe("1,234,567");
    expect(count(0)).toBe("0");
    expect(count(null)).toBe("—");
  });
  it("are cut to one decimal as percentages, never rounded up", () => {
    expect(percent(999, 1000)).toBe("99.9%");
    expect(percent(9999, 10000)).toBe("99.9%");
    expect(percent(2, 3)).toBe("66.6%");
    expect(percent(0, 0)).toBe("—");
    expect(percent(3, 3)).toBe("100.0%");
  });
});
