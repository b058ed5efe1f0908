// What 「匯出」 saves is opened by programs of others and is the list that the API answers: as many
// rows, in the same order. Every cell of every list is compared in tests/pipeline/test_exports.py.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { read, readAll, submitByApi } from "./support/api.mjs";
import { asFile, contentFor } from "./support/files.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const READER = join(import.meta.dirname, "support", "read_table.py");
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "chaiqin-exports-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const readTable = (path) => JSON.parse(execFileSync("/usr/bin/python3", ["-B", READER, path]));

/** Saves one format by its button and reads it with another program. */
async function saved(page, button, format) {
  if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
  const box = page.locator(".export").filter({ has: button });
  const download = page.waitForEvent("download");
  await box.getByRole("button", { name: format, exact: true }).click();
  const file = await download;
  assert.equal(await file.failure(), null);
  const path = join(folder, `${Date.now()}.${format.toLowerCase()}`);
  await file.saveAs(path);
  assert.match(file.suggestedFilename(), new RegExp(`\\.${format.toLowerCase()}$`));
  // The buttons go away once the file is there.
  await box.getByRole("button", { name: format, exact: true }).waitFor({ state: "detached" });
  return readTable(path);
}

/** As a file says it: a text of CSV that a sheet would take for a formula gets an apostrophe. */
function cell(value, format) {
  if (value === null || value === undefined) return "";
  const risky = format === "CSV" && typeof value === "string" && /^[=+\-@\t\r]/.test(value);
  return risky ? `'${value}` : String(value);
}

/** One format against the rows of the API seen through `columns`. While the list moves, again. */
async function exportEquals(page, opener, format, { caption, columns, list }) {
  for (;;) {
    const before = await list();
    const table = await saved(page, opener, format);
    const rows = await list();
    if (JSON.stringify(before) !== JSON.stringify(rows)) continue;
    const [head, ...found] = table.rows;
    const at = columns.map(([column]) => head.indexOf(column));
    assert.ok(!at.includes(-1), `${caption} ${format}: ${head}`);
    const seen = found.map((row) => at.map((index) => row[index] ?? ""));
    const wanted = rows.map((row) => columns.map(([, of]) => cell(of(row), format)));
    assert.deepEqual(seen, wanted, `${caption} as ${format}`);
    if (format !== "CSV") assert.deepEqual(table.sheets, [caption, "說明"]);
    return;
  }
}

/** The list behind 「匯出」, or behind 「匯出（…）」 where a page has several, in `formats`. */
async function exportsEqual(page, { of, formats = ["XLSX", "ODS", "CSV"], ...list }) {
  const name = of ? `匯出（${of}）` : "匯出";
  const opener = page.getByRole("button", { name, exact: true });
  await opener.waitFor();
  for (const format of formats) await exportEquals(page, opener, format, list);
}

const of = (member) => (row) => row[member];
const AGENCY = [
  ["機關代碼", of("agency")],
  ["機關名稱", of("name")],
];

portalTest("what a clerk exports is what the API lists", async (page) => {
  const { agency } = PEOPLE.clerk;
  const at = (path) => `/a/${agency}${path}`;
  await logInAs(page, PEOPLE.clerk, at("/submissions"));
  const all = (path, member) => () => readAll(page, agency, path, member);
  const content = await contentFor(page, agency, { wrong: 3, unknown: 2 });
  const { submission_id: id } = await submitByApi(page, agency, asFile("=sum.json", content));

  await page.reload();
  await page.getByText("=sum.json").first().waitFor();
  const from = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
  await page.goto(at(`/submissions?from=${from}`));
  await exportsEqual(page, {
    caption: "歷程",
    columns: [
      ["報送編號", of("submission_id")],
      ["檔名", of("file_name")],
      ["總筆數", of("total")],
    ],
    list: all(`/api/v1/submissions?agency=${agency}&from=${from}`, "submissions"),
  });
  const RECORD = [
    ["筆次", ({ index }) => index + 1],
    ["表單編號", ({ values }) => values.record_no],
    ["身分證統一編號", ({ values }) => values.person_id],
  ];
  await page.goto(at(`/submissions/${id}/findings`));
  await exportsEqual(page, {
    caption: "依紀錄",
    columns: RECORD,
    list: all(`/api/v1/submissions/${id}/records?with=findings`, "records"),
  });
  await page.goto(at(`/findings?from=${from}&severity=error`));
  await exportsEqual(page, {
    caption: "錯誤紀錄",
    columns: RECORD,
    list: all(`/api/v1/findings/records?from=${from}&status=open&severity=error`, "records"),
    formats: ["XLSX"],
  });
  await page.goto(at(`/findings?from=${from}&tab=rules`));
  await exportsEqual(page, {
    caption: "依規則",
    columns: [
      ["代碼", of("code")],
      ["欄位", of("field")],
      ["筆數", of("count")],
    ],
    list: async () =>
      (await read(page, agency, `/api/v1/findings/groups?from=${from}&status=open`)).groups,
  });
  await page.goto(at("/unmatched"));
  await exportsEqual(page, {
    caption: "未比對清單",
    columns: [
      ["機關代碼", of("agency")],
      ["表單編號", of("record_no")],
      ["身分證統一編號", of("person_id")],
      ["日數", of("age_days")],
    ],
    list: all("/api/v1/unmatched", "unmatched"),
  });
  await page.goto(at("/notices"));
  await exportsEqual(page, {
    caption: "通知",
    columns: [["內容", of("text")]],
    list: all("/api/v1/notices", "notices"),
  });
  const [webhook] = (await read(page, agency, "/api/v1/webhooks")).webhooks;
  await page.goto(at(`/integration?webhook=${webhook.id}`));
  await exportsEqual(page, {
    caption: "傳送紀錄",
    columns: [["序號", of("n")]],
    list: all(`/api/v1/webhooks/${webhook.id}/deliveries`, "deliveries"),
  });
});

portalTest("so is what a supervising agency exports", async (page) => {
  const { agency } = PEOPLE.supervisor;
  const at = (path) => `/a/${agency}${path}`;
  await logInAs(page, PEOPLE.supervisor, at(""));
  const all = (path, member) => () => readAll(page, agency, path, member);
  await exportsEqual(page, {
    of: "本月工作台",
    caption: "本月工作台",
    columns: [...AGENCY, ["資料年月", of("month")], ["待更正", of("open_errors")]],
    list: async () => (await read(page, agency, "/api/v1/workbench")).rows,
  });
  await exportsEqual(page, {
    of: "機關每月筆數統計表",
    caption: "機關每月筆數統計表",
    columns: [
      ...AGENCY,
      ["合計差假", ({ months }) => months.reduce((sum, { leave }) => sum + leave, 0)],
    ],
    list: all("/api/v1/statistics/monthly", "agencies"),
  });
  await page.goto(at("/summary"));
  await exportsEqual(page, {
    caption: "彙整總表",
    columns: [...AGENCY, ["總筆數", of("total")], ["錯誤", of("errors")]],
    list: all("/api/v1/summary", "agencies"),
  });
  const FIGURES = [
    ["筆數", of("records")],
    ["分鐘數", of("minutes")],
  ];
  const today = new Date(Date.now() + 8 * 3_600_000); // in Taipei, as if it were UTC
  const year = today.getUTCFullYear();
  const period = `from=${year}-01&to=${year}-12`;
  for (const [report, ask, columns] of [
    ["monthly", "by=month,kind", [["資料年月", of("month")]]],
    ["leave", "by=type&kind=leave", [["代碼", of("type")]]],
    ["agencies", "by=agency,kind", AGENCY],
  ]) {
    await page.goto(at(`/reports?report=${report}`));
    await exportsEqual(page, {
      caption: "資料表",
      columns: [...columns, ...FIGURES],
      list: all(`/api/v1/statistics/report?${ask}&${period}`, "rows"),
      formats: report === "monthly" ? undefined : ["CSV"],
    });
  }
  await page.goto(at("/reports?report=findings"));
  await exportsEqual(page, {
    caption: "資料表",
    columns: [
      ["代碼", of("code")],
      ["項數", of("findings")],
    ],
    list: all(`/api/v1/statistics/findings?by=code&${period}`, "rows"),
  });
  const month = new Date(Date.UTC(year, today.getUTCMonth() - 1)).toISOString().slice(0, 7);
  await page.goto(at(`/rates?month=${month}&status=all`));
  await exportsEqual(page, {
    of: "機關報送狀態",
    caption: "機關報送狀態",
    columns: AGENCY,
    list: all(`/api/v1/reporting-rates/agencies?month=${month}`, "agencies"),
  });
  await exportsEqual(page, {
    of: "所屬機關近 12 個月報送情形",
    caption: "所屬機關近 12 個月報送情形",
    columns: [
      ["機關代碼", of("agency")],
      ["資料年月", of("month")],
      ["應報", of("obliged")],
      ["已報", of("reported")],
    ],
    list: async () =>
      (await all("/api/v1/reporting-rates/units", "units")()).flatMap(({ agency, months }) =>
        months.map((one) => ({ ...one, agency })),
      ),
  });
  await exportsEqual(page, {
    of: "已催報紀錄",
    caption: "已催報紀錄",
    columns: [["機關代碼", of("agency")]],
    list: all(`/api/v1/reminders?month=${month}`, "reminders"),
    formats: ["CSV"],
  });
});

portalTest("and what the operator and everybody export", async (page) => {
  const { agency } = PEOPLE.operator;
  await logInAs(page, PEOPLE.operator, `/a/${agency}/table19`);
  await exportsEqual(page, {
    of: "歷次載入",
    caption: "歷次載入",
    columns: [
      ["主管機關", of("authority")],
      ["筆數", of("rows")],
    ],
    list: () => readAll(page, agency, "/api/v1/table19/loads", "loads"),
  });
  await page.goto("/rules");
  await exportsEqual(page, {
    caption: "檢核規則",
    columns: [
      ["代碼", of("code")],
      ["訊息", of("message_zh")],
    ],
    list: async () => (await read(page, agency, "/api/v1/rules")).rules,
  });
});

portalTest("an export that fails says so and can be tried again", async (page) => {
  const { agency } = PEOPLE.clerk;
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/summary`);
  const path = "**/api/v1/summary?*format=ods*";
  const problem = { code: "too_many_rows", title: "資料列過多", detail: "請縮小範圍或改用 CSV。" };
  await page.route(path, (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify(problem),
    }),
  );
  const opener = page.getByRole("button", { name: "匯出", exact: true });
  await opener.click();
  await page.getByRole("button", { name: "ODS" }).click();
  const alert = page.getByRole("alert").filter({ hasText: problem.title });
  await alert.getByText(problem.detail).waitFor();
  await page.unroute(path);
  const download = page.waitForEvent("download");
  await alert.getByRole("button", { name: "重試" }).click();
  assert.match((await download).suggestedFilename(), /\.ods$/);
  await alert.waitFor({ state: "detached" });
});

portalTest("an export waits while the platform makes another one", async (page) => {
  const { agency } = PEOPLE.clerk;
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/summary`);
  let busy = 1;
  await page.route("**/api/v1/summary?*format=csv*", (route) =>
    busy-- > 0
      ? route.fulfill({ status: 429, headers: { "Retry-After": "1" }, body: "{}" })
      : route.continue(),
  );
  await page.getByRole("button", { name: "匯出", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  await page.getByRole("status").filter({ hasText: "檔案準備中" }).waitFor();
  assert.match((await download).suggestedFilename(), /\.csv$/);
});
