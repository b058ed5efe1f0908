// Takes the pictures of docs/portal.zh-TW.md and docs/supervisors.zh-TW.md; see docs/pictures/make.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { read, submitByApi } from "../../tests/portal/support/api.mjs";
import { launch, portalUrl } from "../../tests/portal/support/browser.mjs";
import { asFile, choose, contentFor, sample } from "../../tests/portal/support/files.mjs";
import { stands } from "../../tests/portal/support/pages.mjs";
import { logInAs, PEOPLE } from "../../tests/portal/support/people.mjs";
import { leaveAtIssuer } from "../../tests/portal/support/stack.mjs";
import { withPalette } from "./palette.mjs";

// Letters without coloured edges: the files are half as large.
const GREY_TEXT = ["--disable-lcd-text"];
const WIDTH = 1280;
const HEIGHT = 900;
const MARGIN = 12;
const PATIENCE_MS = 30_000;
const TABLE19_AUTHORITY = "Z00000001A"; // under which the demo keeps the clerk's agency
const { clerk, delegate, supervisor, operator } = PEOPLE;
const at = ({ agency }, path = "") => `/a/${agency}${path}`;

const button = (page, name) => page.getByRole("button", { name }).first();
const dialog = (page, name) => page.getByRole("dialog", { name });
const section = (page, name) =>
  page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name, exact: true }) })
    .last();
const row = (page, at) => page.locator("main tbody tr").nth(at);
/** From the heading of a page or a section down to a row of its table. */
const toRow = (name, at) => (page) => [
  page.getByRole("heading", { name, exact: true }).first(),
  row(page, at),
];

/** The month so many months before this one in Taipei, as files say it: 11510. */
function monthBefore(count) {
  const [year, month] = new Date(Date.now() + 8 * 3600_000).toISOString().split("-").map(Number);
  const number = year * 12 + month - 1 - count;
  return `${Math.floor(number / 12) - 1911}${String((number % 12) + 1).padStart(2, "0")}`;
}
const DUE = monthBefore(1);
const GAP = monthBefore(4); // in which the sample's person has no career
const isoMonth = (roc) => `${Number(roc.slice(0, 3)) + 1911}-${roc.slice(3)}`;
const LATE_MONTH = isoMonth(monthBefore(2)); // one of the demo's agencies has not reported it

let lastNumber = Math.floor(Date.now() / 1000) % 1_000_000;

/** The record in another month, with a number that a system would give and that no other run gives. */
function inMonth(record, month) {
  const moved = Object.entries(record).map(([key, value]) => [
    key,
    key.endsWith("_date") && value ? month + value.slice(-2) : value,
  ]);
  lastNumber += 1;
  return { ...Object.fromEntries(moved), record_no: `${month}-${lastNumber}` };
}

/** A file of the month that is due with new records, of that month or an earlier one. */
async function fileOf(page, agency, name, { month = DUE, ...given } = {}) {
  const content = await contentFor(page, agency, given);
  content.data_month = DUE;
  for (const kind of ["leave_records", "overtime_records"])
    content[kind] = content[kind].map((record) => inMonth(record, month));
  return asFile(name, content);
}
const NAME = `${DUE}.json`;

/** The sample's person gets a career at the clerk's agency, so that the sample's records count, and
 * a gap in it. */
async function makeSampleKnown(page) {
  await logInAs(page, operator);
  const [{ person_id: person }] = (await sample(page)).leave_records;
  const made = await page.request.post(
    `/api/v1/table19/loads?mode=changes&authority=${TABLE19_AUTHORITY}`,
    {
      headers: {
        "X-Acting-Agency": operator.agency,
        "Sec-Fetch-Site": "same-origin",
        Origin: portalUrl(),
        "Content-Type": "text/csv",
      },
      data:
        "person_id,seq,org_code,post_kind,start_date,end_date\n" +
        `${person},1,${clerk.agency},1,1100101,${monthBefore(5)}28\n` +
        `${person},2,${clerk.agency},1,${monthBefore(3)}01,\n`,
    },
  );
  if (!made.ok()) throw new Error(`Table 19: ${made.status()} ${await made.text()}`);
  const { load_id } = await made.json();
  for (;;) {
    const { state } = await read(page, operator.agency, `/api/v1/table19/loads/${load_id}`);
    if (state === "LOADED") return;
    if (state !== "RECEIVED") throw new Error(`Table 19: ${state}`);
    await page.waitForTimeout(200);
  }
}

/** Records that Table 19 does not know, of the clerk's agency and of the supervisor's. */
async function makeUnmatched(page, person) {
  const { agency } = person;
  await logInAs(page, person);
  const { unmatched } = await read(page, agency, `/api/v1/unmatched?agency=${agency}`);
  if (unmatched.length) return;
  await submitByApi(page, agency, await fileOf(page, agency, NAME, { unknown: 2 }));
  if (person === clerk)
    await submitByApi(page, agency, await fileOf(page, agency, NAME, { month: GAP }));
}

/** The clerk's file of the demo in which something is wrong, as the findings' page leads to it. */
async function wrongFile(page) {
  const { agency } = clerk;
  const { submissions } = await read(page, agency, `/api/v1/submissions?agency=${agency}`);
  const found = submissions.find(({ state }) => state === "COUNTED_PARTIAL");
  if (!found) throw new Error("the clerk's agency has no file with errors");
  return found.submission_id;
}

/** name → who looks, where, what is done first; `show` gives what is in the picture. */
const PICTURES = {
  login: { path: "/", show: (page) => [page.locator("body")], height: 620 },
  identity: {
    person: delegate,
    path: "/identity",
    show: (page) => [page.locator("header"), page.locator("main .note")],
  },
  banner: {
    person: delegate,
    path: `/a/${delegate.delegated[0]}`,
    show: (page) => [page.locator("header")],
  },
  workbench: {
    person: delegate,
    path: at(delegate),
    show: toRow("本月工作台", 7),
  },
  monthly: {
    person: supervisor,
    path: at(supervisor),
    show: (page) => [section(page, "機關每月筆數統計表")],
    height: 548,
  },
  check: {
    person: clerk,
    path: at(clerk, "/check"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, NAME, { wrong: 1, unknown: 2 })]);
      await button(page, "開始檢核").click();
      await page.getByText("檢核未通過").waitFor();
    },
    show: (page) => [page.locator(".drop"), row(page, 0)],
  },
  "submit-test": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, NAME)]);
      await button(page, "離線測試").click();
      await page.getByText("已檢核，尚未報送").waitFor();
    },
    show: (page) => [page.locator(".drop"), page.locator(".not-sent")],
  },
  "submit-confirm": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, NAME, { wrong: 1 })]);
      await button(page, "離線測試").click();
      await page.getByText("已檢核，尚未報送").waitFor();
      await button(page, "確認上傳").click();
    },
    show: (page) => [dialog(page, "確認報送")],
  },
  "submit-received": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await choose(page, [
        await fileOf(page, clerk.agency, `${DUE}-1.json`),
        await fileOf(page, clerk.agency, `${DUE}-2.json`),
      ]);
      await button(page, "確認上傳").click();
      await page.getByText("已收妥，可離開本頁").waitFor();
      await page.getByText("已計入").nth(1).waitFor();
    },
    show: (page) => [section(page, "報送結果")],
  },
  "submit-broken": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await page.route("**/api/v1/submissions", (route) => route.abort());
      await choose(page, [await fileOf(page, clerk.agency, NAME)]);
      await button(page, "確認上傳").click();
      await page.getByText("連線中斷").waitFor();
    },
    show: (page) => [section(page, "報送結果")],
  },
  zero: {
    person: delegate,
    path: `/a/${delegate.delegated[1]}/submit`,
    async prepare(page) {
      await button(page, "本月無資料").click();
    },
    show: (page) => [dialog(page, "確認本月無資料")],
  },
  submission: {
    person: clerk,
    path: async (page) => at(clerk, `/submissions/${await wrongFile(page)}`),
    show: (page) => [page.locator("h1"), section(page, "檢核結果")],
  },
  receipt: {
    person: clerk,
    path: async (page) => at(clerk, `/submissions/${await wrongFile(page)}`),
    show: (page) => [section(page, "報送收據")],
  },
  findings: {
    person: clerk,
    path: async (page) => at(clerk, `/submissions/${await wrongFile(page)}/findings`),
    show: (page) => [page.locator("h1"), row(page, 4)],
  },
  explain: {
    person: clerk,
    path: async (page) => at(clerk, `/submissions/${await wrongFile(page)}/findings`),
    async prepare(page) {
      await page.locator(".cell-button").first().click();
    },
    show: (page) => [dialog(page, "說明")],
  },
  rules: {
    person: clerk,
    path: at(clerk, "/findings?status=all&tab=rules"),
    show: (page) => [page.locator("h1"), page.locator("main table")],
  },
  history: {
    person: clerk,
    path: at(clerk, "/submissions"),
    show: toRow("歷程", 3),
  },
  unmatched: {
    person: clerk,
    path: at(clerk, "/unmatched"),
    show: (page) => [page.locator("h1"), page.locator("main table")],
    height: 640,
  },
  report: {
    person: clerk,
    path: at(clerk, "/reports?report=leave"),
    prepare: (page) => page.locator("main svg, main canvas").first().waitFor(),
    show: (page) => [page.locator("h1"), section(page, "假別分布")],
  },
  export: {
    person: clerk,
    path: at(clerk, "/submissions"),
    async prepare(page) {
      await button(page, "匯出").click();
    },
    show: (page) => [page.locator(".table-tools").first()],
  },
  notices: { person: clerk, path: at(clerk, "/notices"), show: toRow("通知", 5) },
  integration: {
    person: clerk,
    path: at(clerk, "/integration"),
    async prepare(page) {
      await button(page, "傳送紀錄").click();
      await page.getByText("已送達").first().waitFor();
    },
    show: (page) => [page.locator("h1"), section(page, "傳送紀錄")],
    height: 700,
  },
  "session-over": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, NAME)]);
      await leaveAtIssuer(page);
      await button(page, "離線測試").click();
    },
    show: (page) => [dialog(page, "請重新登入")],
  },
  rates: {
    person: supervisor,
    path: at(supervisor, "/rates"),
    show: (page) => [page.locator("h1"), section(page, "本月報送比率")],
  },
  "rates-units": {
    person: supervisor,
    path: at(supervisor, "/rates"),
    show: toRow("所屬機關近 12 個月報送情形", 5 + 6),
  },
  "rates-agencies": {
    person: supervisor,
    path: at(supervisor, `/rates?month=${LATE_MONTH}`),
    async prepare(page) {
      await section(page, "機關報送狀態").getByRole("checkbox").first().check();
    },
    show: (page) => [section(page, "機關報送狀態")],
    height: 460,
  },
  remind: {
    person: supervisor,
    path: at(supervisor, `/rates?month=${LATE_MONTH}`),
    async prepare(page) {
      await section(page, "機關報送狀態").getByRole("checkbox").first().check();
      await button(page, "催報").click();
    },
    show: (page) => [dialog(page, "確認催報")],
  },
  summary: {
    person: supervisor,
    path: at(supervisor, "/summary"),
    show: toRow("彙整總表", 8),
  },
  trend: {
    person: supervisor,
    path: at(supervisor, "/reports?report=rates"),
    prepare: (page) => page.locator("main svg, main canvas").first().waitFor(),
    show: (page) => [page.locator("h1"), section(page, "報送比率趨勢")],
  },
  "unmatched-all": {
    person: supervisor,
    path: at(supervisor, "/unmatched"),
    show: (page) => [page.locator("h1"), page.locator("main table")],
    height: 640,
  },
};

/** The rectangle around the elements, with a margin, cut off at `height`. */
async function around(elements, height = Number.POSITIVE_INFINITY) {
  const boxes = [];
  for (const element of elements) {
    await element.waitFor();
    boxes.push(await element.boundingBox());
  }
  const left = Math.max(0, Math.min(...boxes.map((box) => box.x)) - MARGIN);
  const top = Math.max(0, Math.min(...boxes.map((box) => box.y)) - MARGIN);
  const right = Math.min(WIDTH, Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN);
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN;
  return { x: left, y: top, width: right - left, height: Math.min(bottom - top, height) };
}

/** A page of its own, in a browser in which nobody is logged in. */
async function alone(browser, work) {
  const context = await browser.newContext({
    baseURL: portalUrl(),
    locale: "zh-TW",
    timezoneId: "Asia/Taipei",
    viewport: { width: WIDTH, height: HEIGHT },
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

async function take(page, name) {
  const { person, path, prepare, show, height } = PICTURES[name];
  if (person) await logInAs(page, person);
  await page.goto(typeof path === "string" ? path : await path(page));
  await stands(page);
  await prepare?.(page);
  await stands(page);
  // As high as the page, so that nothing is scrolled and what is fixed stands at its end.
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: WIDTH, height: Math.max(HEIGHT, whole) });
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ clip: await around(show(page), height) });
  writeFileSync(join(import.meta.dirname, `${name}.png`), withPalette(picture));
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PICTURES));
if (unknown.length) {
  console.error(`no picture ${unknown.join(", ")}; there are ${Object.keys(PICTURES).join(", ")}`);
  process.exit(2);
}
const browser = await launch(GREY_TEXT);
try {
  await alone(browser, makeSampleKnown);
  for (const person of [clerk, supervisor])
    await alone(browser, (page) => makeUnmatched(page, person));
  for (const name of wanted.length ? wanted : Object.keys(PICTURES)) {
    await alone(browser, (page) => take(page, name));
    console.log(`${name}.png`);
  }
} finally {
  await browser.close();
}
