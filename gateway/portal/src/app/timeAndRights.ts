import type { NamedAgency, Role, Session } from "../api/shapes";
import type { Warning } from "./login";

/** What a session says: for which agencies, with which rights, and for how long. */
const WARN_MS = 2 * 60_000;

export function agenciesOf(session: Session): NamedAgency[] {
  const delegated = session.roles.includes("agency_clerk") ? session.delegated_agencies : [];
  return [session.agency, ...delegated];
}

export function rolesFor(session: Session, agency: string): Role[] {
  if (agency === session.agency.agency) return session.roles;
  const delegated = agenciesOf(session).some((one) => one.agency === agency);
  return delegated ? ["agency_clerk"] : [];
}

/** What to say now, and in how many milliseconds to look again. */
export function timeLeft(session: Session, serverNowMs: number): [Warning, number] {
  const idle = Date.parse(session.idle_expires_at) - serverNowMs;
  const end = Date.parse(session.expires_at) - serverNowMs;
  const nearest = Math.min(idle, end);
  if (nearest <= 0) return ["over", 0];
  if (nearest > WARN_MS) return ["none", nearest - WARN_MS];
  return [end <= idle ? "end" : "idle", nearest];
}
