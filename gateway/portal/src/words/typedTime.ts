import { typedDate } from "./dates";

/** Takes 115/11/05 09:00 and 2026-11-05 09:00 as time in Taipei; null if it is none. */
export function typedTime(typed: string): string | null {
  const found = /^(\S+)\s+([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(typed.trim());
  const day = typedDate(found?.[1] ?? "");
  return found && day ? `${day}T${found[2]}:${found[3]}:${found[4] ?? "00"}+08:00` : null;
}
