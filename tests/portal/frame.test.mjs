import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const menuOf = (page) =>
  page.getByRole("navigation", { name: "主選單" }).getByRole("link").allInnerTexts();

portalTest("nobody sees the platform's name, the open pages and the way in", async (page) => {
  await page.goto("/");
  await page.getByRole("heading", { level: 1, name: "差勤資料彙整平臺" }).waitFor();
  assert.equal(await page.title(), "差勤資料彙整平臺");
  assert.deepEqual(await menuOf(page), ["檢核規則", "介接格式", "收據驗證", "登入"]);
  await assertAccessible(page);
});

portalTest("a page asked for without a login is there after it", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${PEOPLE.clerk.agency}/summary`);
  await page.getByRole("heading", { level: 1, name: "彙整總表" }).waitFor();
  assert.match(page.url(), new RegExp(`/a/${PEOPLE.clerk.agency}/summary$`));
});

portalTest("a clerk has the links of a clerk, and no others", async (page) => {
  await logInAs(page, PEOPLE.clerk);
  await page.getByRole("heading", { level: 1, name: "首頁" }).waitFor();
  assert.deepEqual(
    (await menuOf(page)).map((label) => label.replace(/（.*/, "")),
    [
      "首頁",
      "彙整總表",
      "錯誤明細",
      "統計報表",
      "JSON檔檢核",
      "手動報送",
      "未比對清單",
      "通知",
      "介接設定",
    ],
  );
});

portalTest("a page of another role is refused, and an unknown one is not found", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${PEOPLE.clerk.agency}/admin`);
  await page.getByRole("heading", { level: 1, name: "沒有權限" }).waitFor();
  await page.goto(`/a/${PEOPLE.clerk.agency}/nothing`);
  await page.getByRole("heading", { level: 1, name: "找不到頁面" }).waitFor();
});

portalTest("who has several agencies chooses one, the own one first", async (page) => {
  await logInAs(page, PEOPLE.delegate);
  await page.getByRole("heading", { level: 1, name: "選擇身分" }).waitFor();
  const rows = page.getByRole("main").getByRole("listitem");
  assert.match(await rows.first().innerText(), new RegExp(PEOPLE.delegate.agency));
  assert.doesNotMatch(await rows.first().innerText(), /兼辦/);
  assert.match(await rows.nth(1).innerText(), /兼辦/);
  await assertAccessible(page);
  await rows.nth(1).getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: "首頁" }).waitFor();
  assert.match(await page.getByRole("banner").innerText(), /以 .*（Z00000025A）\s*兼辦/);
});

portalTest("who has no role reads how to get one", async (page) => {
  await logInAs(page, PEOPLE.nobody);
  await page.getByRole("heading", { level: 1, name: "尚未授權" }).waitFor();
  assert.equal(await page.getByRole("main").getByRole("listitem").count(), 6);
  await assertAccessible(page);
});

portalTest("the language is switched in the footer and kept", async (page) => {
  await page.goto("/rules");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { level: 1, name: "Check rules" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Check rules" }).waitFor();
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("heading", { level: 1, name: "檢核規則" }).waitFor();
});
