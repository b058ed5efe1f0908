// Files to send: the platform's own sample, made new, so that every test has records of its own.
import { randomInt } from "node:crypto";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO";

/** A person id with a right check digit, of nobody in Table 19 (nobody is that old a number). */
function personId(number) {
  const digits = `1${String(90000000 + number).slice(1)}`;
  const code = 10 + LETTERS.indexOf("Z");
  const sum =
    Math.floor(code / 10) +
    (code % 10) * 9 +
    [...digits].reduce((total, digit, at) => total + Number(digit) * (8 - at), 0);
  return `Z${digits}${(10 - (sum % 10)) % 10}`;
}

let made = 0;
const mark = () => `${Date.now().toString(36)}${process.pid}${made++}`.toUpperCase();

export async function sample(page) {
  return (await page.request.get("/api/v1/format/sample")).json();
}

export const asFile = (name, content) => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
});

/** A file of the agency whose records are new: `wrong` ones, and `unknown` ones of unknown persons. */
export async function contentFor(page, agency, { wrong = 0, unknown = 0 } = {}) {
  const content = await sample(page);
  content.reporting_org_code = agency;
  content.batch_no = `portal-${mark()}`;
  const number = mark();
  const from = randomInt(1, 9_000_000);
  const leave = content.leave_records[0];
  const changed = (record, at, change) => ({
    ...record,
    org_code: agency,
    record_no: `P${number}-${at}`,
    ...change,
  });
  if (wrong + unknown > 0) {
    content.leave_records = Array.from({ length: wrong + unknown }, (_, at) =>
      changed(leave, at, { person_id: at < wrong ? "A123456788" : personId(from + at) }),
    );
    content.overtime_records = [];
  } else {
    content.leave_records = content.leave_records.map((one, at) => changed(one, at, {}));
    content.overtime_records = content.overtime_records.map((one, at) =>
      changed(one, `o${at}`, {}),
    );
  }
  content.leave_count = content.leave_records.length;
  content.overtime_count = content.overtime_records.length;
  return content;
}

export const fileFor = async (page, agency, name, given) =>
  asFile(name, await contentFor(page, agency, given));

/** Puts files into the chooser of a page with 「選擇檔案」. */
export async function choose(page, files) {
  await page.getByRole("button", { name: "選擇檔案" }).waitFor();
  await page.locator("input[type=file]").first().setInputFiles(files);
}
