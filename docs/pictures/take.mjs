// Takes the pictures of docs/portal.zh-TW.md and docs/supervisors.zh-TW.md; see docs/pictures/make.
import { createServer } from "node:http";
import { join } from "node:path";
import { read } from "../../tests/portal/support/api.mjs";
import { launch, portalUrl } from "../../tests/portal/support/browser.mjs";
import { asFile, choose, contentFor, sample } from "../../tests/portal/support/files.mjs";
import { stands } from "../../tests/portal/support/pages.mjs";
import { logInAs, PEOPLE } from "../../tests/portal/support/people.mjs";
import { leaveAtIssuer } from "../../tests/portal/support/stack.mjs";

const WIDTH = 1280;
const MARGIN = 12;
const PATIENCE_MS = 30_000;
const TABLE19_AUTHORITY = "Z00000001A"; // under which the demo keeps the clerk's agency
const { clerk, delegate, supervisor, operator } = PEOPLE;
const at = ({ agency }, path = "") => `/a/${agency}${path}`;

const button = (page, name) => page.getByRole("button", { name }).first();
const dialog = (page, name) => page.getByRole("dialog", { name });
const section = (page, name) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) }).last();
const main = (page) => page.locator("main");

/** The month before this one in Taipei, as files say it (11510): the one that is due. */
function dueMonth() {
  const [year, month] = new Date(Date.now() + 8 * 3600_000).toISOString().split("-").map(Number);
  const number = year * 12 + month - 2;
  return `${Math.floor(number / 12) - 1911}${String((number % 12) + 1).padStart(2, "0")}`;
}

const inDueMonth = (record) =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      key.endsWith("_date") && value ? dueMonth() + value.slice(-2) : value,
    ]),
  );

/** A file of the agency with new records of the month that is due. */
async function fileOf(page, agency, name, given) {
  const content = await contentFor(page, agency, given);
  content.data_month = dueMonth();
  for (const kind of ["leave_records", "overtime_records"])
    content[kind] = content[kind].map(inDueMonth);
  return asFile(name, content);
}
const fileName = (end = "") => `${dueMonth()}${end}.json`;

/** The sample's person gets a career at the clerk's agency, so that the sample's records count. */
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
        `${person},1,${clerk.agency},1,1100101,\n`,
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

/** The clerk's file of the demo in which something is wrong, as the findings' page leads to it. */
async function wrongFile(page) {
  const { agency } = clerk;
  const { submissions } = await read(page, agency, `/api/v1/submissions?agency=${agency}`);
  const found = submissions.find(({ state }) => state === "COUNTED_PARTIAL");
  if (!found) throw new Error("the clerk's agency has no file with errors");
  return found.submission_id;
}

/** A system of the agency that takes webhooks while `work` runs. */
async function withReceiver(work) {
  const receiver = createServer((asked, answer) => {
    asked.resume();
    asked.on("end", () => answer.writeHead(204).end());
  });
  await new Promise((done) => receiver.listen(0, "127.0.0.1", done));
  try {
    return await work(`http://127.0.0.1:${receiver.address().port}/chaiqin`);
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
}

/** name → who looks, where, what is done first; `show` gives what is in the picture. */
const PICTURES = {
  login: { path: "/", show: (page) => [page.locator("body")], height: 620 },
  identity: { person: delegate, path: "/identity", show: (page) => [page.locator("header"), main(page)] },
  banner: {
    person: delegate,
    path: `/a/${delegate.delegated[0]}`,
    show: (page) => [page.locator("header")],
  },
  workbench: {
    person: delegate,
    path: at(delegate),
    show: (page) => [section(page, "本月工作台")],
  },
  monthly: {
    person: supervisor,
    path: at(supervisor),
    show: (page) => [section(page, "機關每月筆數統計表")],
    height: 560,
  },
  check: {
    person: clerk,
    path: at(clerk, "/check"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, fileName(), { wrong: 1, unknown: 2 })]);
      await button(page, "開始檢核").click();
      await page.getByText("檢核未通過").waitFor();
    },
    show: (page) => [main(page)],
  },
  "submit-test": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, fileName())]);
      await button(page, "離線測試").click();
      await page.getByText("已檢核，尚未報送").waitFor();
    },
    show: (page) => [page.locator(".drop"), page.locator(".not-sent")],
  },
  "submit-confirm": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, fileName(), { wrong: 1 })]);
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
        await fileOf(page, clerk.agency, fileName("-1")),
        await fileOf(page, clerk.agency, fileName("-2")),
      ]);
      await button(page, "確認上傳").click();
      await page.getByText("已收妥，可離開本頁").waitFor();
      await page.getByText(/^已收 .*計入/).nth(1).waitFor();
    },
    show: (page) => [section(page, "報送結果")],
  },
  "submit-broken": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await page.route("**/api/v1/submissions", (route) => route.abort());
      await choose(page, [await fileOf(page, clerk.agency, fileName())]);
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
    show: (page) => [main(page)],
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
    show: (page) => [main(page)],
  },
  history: {
    person: clerk,
    path: at(clerk, "/submissions"),
    show: (page) => [main(page)],
    height: 420,
  },
  unmatched: { person: clerk, path: at(clerk, "/unmatched"), show: (page) => [main(page)], height: 520 },
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
  notices: { person: clerk, path: at(clerk, "/notices"), show: (page) => [main(page)], height: 420 },
  integration: {
    person: clerk,
    path: at(clerk, "/integration"),
    around: withReceiver,
    async prepare(page, url) {
      await button(page, "新增").click();
      await page.getByLabel("網址").fill(url);
      await button(page, "儲存").click();
      const secret = dialog(page, "簽章金鑰");
      await secret.getByRole("button", { name: "關閉" }).click();
      const row = page.getByRole("row").filter({ hasText: url });
      await row.getByRole("button", { name: "測試" }).click();
      await row.getByRole("button", { name: "傳送紀錄" }).click();
      await page.getByText("已送達").first().waitFor();
    },
    async after(page, url) {
      const row = page.getByRole("row").filter({ hasText: url });
      await row.getByRole("button", { name: "刪除" }).click();
      await dialog(page, "確認刪除").getByRole("button", { name: "確認" }).click();
      await row.waitFor({ state: "detached" });
    },
    show: (page) => [main(page)],
  },
  "session-over": {
    person: clerk,
    path: at(clerk, "/submit"),
    async prepare(page) {
      await choose(page, [await fileOf(page, clerk.agency, fileName())]);
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
    show: (page) => [section(page, "所屬機關近 12 個月報送情形")],
    height: 620,
  },
  "rates-agencies": {
    person: supervisor,
    path: at(supervisor, "/rates"),
    async prepare(page) {
      await section(page, "機關報送狀態").getByRole("checkbox").first().check();
    },
    show: (page) => [section(page, "機關報送狀態")],
    height: 460,
  },
  remind: {
    person: supervisor,
    path: at(supervisor, "/rates"),
    async prepare(page) {
      await section(page, "機關報送狀態").getByRole("checkbox").first().check();
      await button(page, "催報").click();
    },
    show: (page) => [dialog(page, "確認催報")],
  },
  summary: {
    person: supervisor,
    path: at(supervisor, "/summary"),
    show: (page) => [main(page)],
    height: 620,
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
    show: (page) => [main(page)],
    height: 520,
  },
};

/** The rectangle around the elements, with a margin, cut off at `height`. */
async function around(page, elements, height = Number.POSITIVE_INFINITY) {
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

async function take(browser, name) {
  const { person, path, prepare, show, height, after, around: during } = PICTURES[name];
  const context = await browser.newContext({
    baseURL: portalUrl(),
    locale: "zh-TW",
    timezoneId: "Asia/Taipei",
    viewport: { width: WIDTH, height: 900 },
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const run = async (given) => {
    if (person) await logInAs(page, person);
    await page.goto(typeof path === "string" ? path : await path(page));
    await stands(page);
    await prepare?.(page, given);
    await stands(page);
    // As high as the page, so that nothing is scrolled and what is fixed stands at its end.
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: WIDTH, height: Math.max(900, whole) });
    await page.mouse.move(0, 0);
    const file = join(import.meta.dirname, `${name}.png`);
    await page.screenshot({ path: file, clip: await around(page, show(page), height) });
    await after?.(page, given);
  };
  try {
    await (during ? during(run) : run());
  } catch (failure) {
    await page.screenshot({ path: `/tmp/${name}-failed.png`, fullPage: true }).catch(() => {});
    throw failure;
  } finally {
    await context.close();
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PICTURES));
if (unknown.length) {
  console.error(`no picture ${unknown.join(", ")}; there are ${Object.keys(PICTURES).join(", ")}`);
  process.exit(2);
}
const browser = await launch();
try {
  const context = await browser.newContext({ baseURL: portalUrl(), locale: "zh-TW" });
  await makeSampleKnown(await context.newPage());
  await context.close();
  for (const name of wanted.length ? wanted : Object.keys(PICTURES)) {
    await take(browser, name);
    console.log(`${name}.png`);
  }
} finally {
  await browser.close();
}
