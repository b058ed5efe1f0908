import { describe, expect, it } from "vitest";
import { MOST_BYTES, withChosen } from "./chosen";

const file = (name: string, size = 10) => ({ name, size }) as File;
const some = (n: number) => Array.from({ length: n }, (_, at) => file(`${at}.json`));

describe("choosing files", () => {
  it("adds to what was chosen before", () => {
    expect(withChosen(some(2), [file("b.JSON")]).files).toHaveLength(3);
  });
  it("refuses other, too large and empty files one by one, with the codes of the rules", () => {
    const chosen = [
      file("a.txt"),
      file("b.json", MOST_BYTES + 1),
      file("c.json", 0),
      file("d.json", MOST_BYTES),
    ];
    const { files, refusals } = withChosen([], chosen);
    expect(files.map(({ name }) => name)).toEqual(["d.json"]);
    expect(refusals.map(({ code }) => code)).toEqual(["F01", "F02", "F04"]);
  });
  it("adds nothing of a choice that would make more than ten", () => {
    const { files, refusals } = withChosen(some(9), some(2));
    expect(files).toHaveLength(9);
    expect(refusals.map(({ code }) => code)).toEqual(["F03"]);
    expect(withChosen(some(9), some(1)).files).toHaveLength(10);
  });
});
