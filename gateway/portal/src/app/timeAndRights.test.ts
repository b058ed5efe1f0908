import { describe, expect, it } from "vitest";
import type { Session } from "../api/shapes";
import { agenciesOf, rolesFor, timeLeft } from "./timeAndRights";

const session: Session = {
  sub: "x",
  name: "承辦人 乙",
  agency: { agency: "Z00000019A", name: "甲" },
  delegated_agencies: [{ agency: "Z00000025A", name: "乙" }],
  roles: ["agency_clerk", "supervisor"],
  idle_expires_at: "2026-11-28T10:30:00Z",
  expires_at: "2026-11-28T18:00:00Z",
};
const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);

describe("rights by agency", () => {
  it("are all roles at the own agency, and only those of a clerk at a delegated one", () => {
    expect(rolesFor(session, "Z00000019A")).toEqual(["agency_clerk", "supervisor"]);
    expect(rolesFor(session, "Z00000025A")).toEqual(["agency_clerk"]);
    expect(rolesFor(session, "Z00000031A")).toEqual([]);
  });
  it("delegated agencies count for clerks only", () => {
    const supervisor: Session = { ...session, roles: ["supervisor"] };
    expect(agenciesOf(supervisor)).toHaveLength(1);
    expect(rolesFor(supervisor, "Z00000025A")).toEqual([]);
  });
});

describe("the time that is left", () => {
  it("is warned of two minutes before the idle limit, and not earlier", () => {
    expect(timeLeft(session, at("10:00:00"))).toEqual(["none", 28 * 60_000]);
    expect(timeLeft(session, at("10:28:30"))).toEqual(["idle", 90_000]);
    expect(timeLeft(session, at("10:30:00"))[0]).toBe("over");
  });
  it("names the absolute limit when that one is nearer", () => {
    const old = { ...session, idle_expires_at: "2026-11-28T18:20:00Z" };
    expect(timeLeft(old, at("17:59:00"))).toEqual(["end", 60_000]);
  });
});
