/**
 * Dates as a clerk reads and types them. Inside the portal they are ISO texts (2026-11-05, 2026-10);
 * shown in Chinese they are in years of the Republic (115/11/05), in English ISO.
 */
export type Language = "zh" | "en";

const FIRST_YEAR = 1911;
const two = (number: number) => String(number).padStart(2, "0");

export const rocYear = (year: number) => year - FIRST_YEAR;

export function shownDate(iso: string, language: Language): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso);
  if (!found || language === "en") return iso.slice(0, 10);
  return `${rocYear(Number(found[1]))}/${found[2]}/${found[3]}`;
}

export function shownMonth(iso: string, language: Language): string {
  const found = /^(\d{4})-(\d\d)/.exec(iso);
  if (!found || language === "en") return iso;
  return `${rocYear(Number(found[1]))}/${found[2]}`;
}

const taipei = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Taipei",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function partsInTaipei(time: Date): Record<string, string> {
  return Object.fromEntries(taipei.formatToParts(time).map(({ type, value }) => [type, value]));
}

/** 115/11/05 09:31:02 in Asia/Taipei. */
export function shownTime(rfc3339: string, language: Language): string {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime())) return rfc3339;
  const p = partsInTaipei(time);
  const day = shownDate(`${p.year}-${p.month}-${p.day}`, language);
  return `${day} ${p.hour}:${p.minute}:${p.second}`;
}

export function todayInTaipei(now = new Date()): string {
  const p = partsInTaipei(now);
  return `${p.year}-${p.month}-${p.day}`;
}

export const thisMonth = (now = new Date()) => todayInTaipei(now).slice(0, 7);

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The same day `months` before, or the last day of that month if it is shorter. */
export function monthsBefore(isoDay: string, months: number): string {
  const [year = 0, month = 1, day = 1] = isoDay.split("-").map(Number);
  const count = year * 12 + month - 1 - months;
  const y = Math.floor(count / 12);
  const m = (count % 12) + 1;
  return `${y}-${two(m)}-${two(Math.min(day, daysIn(y, m)))}`;
}

export const monthBefore = (isoMonth: string, months = 1) =>
  monthsBefore(`${isoMonth}-01`, months).slice(0, 7);

/** Takes 115/11/05, 1151105 and 2026-11-05; null if it is no day. */
export function typedDate(typed: string): string | null {
  const word = typed.trim();
  const roc = /^(\d{2,3})\/(\d{1,2})\/(\d{1,2})$/.exec(word) ?? /^(\d{3})(\d\d)(\d\d)$/.exec(word);
  const ad = /^(\d{4})-(\d\d)-(\d\d)$/.exec(word);
  const found = roc ?? ad;
  if (!found) return null;
  const year = Number(found[1]) + (roc ? FIRST_YEAR : 0);
  const [month, day] = [Number(found[2]), Number(found[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  return `${year}-${two(month)}-${two(day)}`;
}

/** Takes 115/10, 11510 and 2026-10; null if it is no month. */
export function typedMonth(typed: string): string | null {
  const word = typed.trim();
  const roc = /^(\d{2,3})\/(\d{1,2})$/.exec(word) ?? /^(\d{3})(\d\d)$/.exec(word);
  const ad = /^(\d{4})-(\d\d)$/.exec(word);
  const found = roc ?? ad;
  if (!found) return null;
  const year = Number(found[1]) + (roc ? FIRST_YEAR : 0);
  const month = Number(found[2]);
  return month >= 1 && month <= 12 ? `${year}-${two(month)}` : null;
}

/** 2026-10 as the interchange format writes it: 11510. */
export const fileMonth = (isoMonth: string) =>
  `${String(rocYear(Number(isoMonth.slice(0, 4)))).padStart(3, "0")}${isoMonth.slice(5, 7)}`;
