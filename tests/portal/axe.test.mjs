// WCAG 2.1 A and AA as axe sees them: every page full, and those with data also loading, empty and
// failed; every dialog that other tests do not open.
import assert from "node:assert/strict";
import { complaintsOfAxe } from "./support/axe.mjs";
import { submitByApi } from "./support/api.mjs";
import { asFile, contentFor } from "./support/files.mjs";
import { OPEN_PATHS, pagesOf, stands } from "./support/pages.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const { agency } = PEOPLE.clerk;
const DATA = /\/api\/v1\/(?!session)/;
const at = (path) => `/a/${agency}${path}`;

async function judge(page, what, complaints) {
  complaints.push(...(await complaintsOfAxe(page)).map((text) => `${what}: ${text}`));
}

portalTest("every page as it is", async (page) => {
  const complaints = [];
  await logInAs(page, PEOPLE.clerk);
  const file = asFile("axe.json", await contentFor(page, agency, { wrong: 2, unknown: 1 }));
  const { submission_id: id } = await submitByApi(page, agency, file);
  for (const { person, paths } of [{ paths: OPEN_PATHS }, ...pagesOf(id)]) {
    await page.context().clearCookies();
    if (person) await logInAs(page, person, paths[0]);
    for (const path of paths) {
      await page.goto(path);
      await stands(page);
      if (path.includes("/reports")) await page.locator(".chart canvas, .chart svg").waitFor();
      await judge(page, path, complaints);
    }
  }
  assert.deepEqual(complaints, []);
});

/** Lists without rows: every array of the answer is empty. */
function emptied(value) {
  if (Array.isArray(value)) return [];
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, emptied(one)]));
}

async function empty(route) {
  const answer = await route.fetch();
  const isJson = (answer.headers()["content-type"] ?? "").includes("application/json");
  if (!answer.ok() || !isJson) return route.fulfill({ response: answer });
  return route.fulfill({ response: answer, json: emptied(await answer.json()) });
}

const STATES = {
  loading: { answer: () => {}, there: (page) => page.getByText("載入中").first().waitFor() },
  failed: {
    answer: (route) => route.fulfill({ status: 500, body: "{}" }),
    there: (page) => page.getByRole("button", { name: "重試" }).first().waitFor(),
  },
  empty: { answer: empty, there: stands },
};

portalTest("pages of data while they load, without data, and failed", async (page) => {
  const complaints = [];
  const seen = [
    [PEOPLE.supervisor, ["", "/summary", "/findings", "/findings?tab=rules", "/reports"]],
    [PEOPLE.supervisor, ["/unmatched", "/rates", "/notices", "/submissions"]],
    [PEOPLE.operator, ["/admin", "/table19"]],
  ];
  for (const [person, paths] of seen) {
    await page.context().clearCookies();
    await logInAs(page, person);
    for (const path of paths)
      for (const [state, { answer, there }] of Object.entries(STATES)) {
        await page.route(DATA, answer);
        await page.goto(`/a/${person.agency}${path}`);
        await page.locator("main h1").waitFor();
        await there(page);
        await judge(page, `${path} ${state}`, complaints);
        await page.unroute(DATA);
      }
  }
  assert.deepEqual(complaints, []);
});

portalTest("dialogs, error summaries and results", async (page) => {
  const complaints = [];
  const look = (what) => judge(page, what, complaints);
  await logInAs(page, PEOPLE.clerk, at("/submit"));
  await page.getByRole("button", { name: "本月無資料" }).click();
  await page.getByRole("dialog", { name: "確認本月無資料" }).waitFor();
  await look("確認本月無資料");
  await page.keyboard.press("Escape");
  await page.getByLabel("資料年月").fill("昨天");
  await page.getByRole("button", { name: "本月無資料" }).click();
  await page.getByRole("alert").waitFor();
  await look("a wrong month");
  await page.getByRole("button", { name: "離線測試" }).click();
  await page.getByRole("link", { name: "請先選擇檔案" }).waitFor();
  await look("nothing chosen");

  await page.goto(at("/submissions"));
  await page.getByLabel("起日").fill("1151399");
  await page.getByRole("button", { name: "查詢" }).click();
  await page.getByRole("alert").waitFor();
  await look("a wrong day");
  assert.match(await page.title(), /^錯誤：歷程/);

  await page.goto("/verify");
  await page.getByLabel("收據").fill("a.b.c");
  await page.getByRole("button", { name: "驗證" }).click();
  await page.getByText("收據無效").waitFor();
  await look("收據無效");

  await page.context().clearCookies();
  await logInAs(page, PEOPLE.supervisor, `/a/${PEOPLE.supervisor.agency}/rates?status=all`);
  await page.getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "催報", exact: true }).click();
  await page.getByRole("dialog", { name: "確認催報" }).waitFor();
  await look("確認催報");

  await page.context().clearCookies();
  await logInAs(page, PEOPLE.operator, `/a/${PEOPLE.operator.agency}/admin`);
  await page.getByRole("button", { name: "新增" }).click();
  await page.getByLabel("標題").waitFor();
  await look("a new announcement");
  await page.getByLabel("標題").fill("維護公告");
  await page.getByLabel("內容").fill("詳見 https://example.gov.tw/a。\n\n第二段");
  await page.getByRole("button", { name: "預覽" }).click();
  await page.getByRole("dialog", { name: "維護公告" }).waitFor();
  await look("preview of an announcement");
  assert.deepEqual(complaints, []);
});
