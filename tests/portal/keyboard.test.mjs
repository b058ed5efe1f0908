// Keys alone: Tab, Enter, Space, arrows, Esc and letters. No test here touches a mouse.
import assert from "node:assert/strict";
import { submitByApi } from "./support/api.mjs";
import { asFile, contentFor, fileFor } from "./support/files.mjs";
import { isFocused, tabTo } from "./support/keys.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const { agency } = PEOPLE.clerk;

async function logInByKeys(page) {
  await page.goto("/");
  await tabTo(page, page.getByRole("link", { name: "登入", exact: true }));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: PEOPLE.clerk.button }).waitFor();
  await tabTo(page, page.getByRole("button", { name: PEOPLE.clerk.button }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "首頁" }).waitFor();
}

async function openByKeys(page, name) {
  await tabTo(page, page.getByRole("navigation", { name: "主選單" }).getByRole("link", { name }));
  await page.keyboard.press("Enter");
  const heading = page.getByRole("heading", { level: 1, name });
  await heading.waitFor();
  await isFocused(heading);
}

portalTest("a file is tested and sent, and a month reported empty, by keys", async (page) => {
  await logInByKeys(page);
  await openByKeys(page, "手動報送");
  const choosing = page.getByRole("button", { name: "選擇檔案" });
  const chooser = page.waitForEvent("filechooser"); // before the keys: it needs a moment to hold
  await tabTo(page, choosing);
  await page.keyboard.press("Enter");
  await (await chooser).setFiles([
    await fileFor(page, agency, "keys.json"),
    await fileFor(page, agency, "removed.json"),
  ]);
  await tabTo(page, page.getByRole("button", { name: "移除 removed.json" }));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "移除 removed.json" }).waitFor({ state: "detached" });
  await isFocused(choosing);

  await tabTo(page, page.getByRole("button", { name: "離線測試" }));
  await page.keyboard.press("Space");
  await page.getByText("檢核通過").waitFor();
  await page.getByText("已檢核，尚未報送").waitFor();
  await tabTo(page, page.getByRole("button", { name: "確認上傳" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByText("已收妥，可離開本頁").waitFor();

  await tabTo(page, page.getByLabel("資料年月"));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "確認本月無資料" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await isFocused(page.getByLabel("資料年月"));
  await page.keyboard.press("Tab");
  await isFocused(page.getByRole("button", { name: "本月無資料" }));
  await page.keyboard.press("Space");
  await tabTo(page, dialog.getByRole("button", { name: "取消" }));
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await isFocused(page.getByRole("button", { name: "本月無資料" }));
});

portalTest("an error is found, explained and left again by keys", async (page) => {
  await logInByKeys(page);
  const file = asFile("wrong.json", await contentFor(page, agency, { wrong: 2 }));
  await submitByApi(page, agency, file);
  await openByKeys(page, "錯誤明細");
  await page.getByRole("table", { name: "差假" }).waitFor();

  const byRecord = page.getByRole("tab", { name: "依紀錄" });
  await tabTo(page, byRecord);
  await page.keyboard.press("ArrowRight");
  const byRule = page.getByRole("tab", { name: "依規則" });
  await isFocused(byRule);
  assert.equal(await byRule.getAttribute("aria-selected"), "true");
  await page.waitForURL(/tab=rules/);
  const code = page.getByRole("table", { name: "依規則" }).getByRole("button", { name: "C06" });
  await tabTo(page, code);
  await page.keyboard.press("Enter");
  await page.waitForURL(/code=C06/);
  await page.getByRole("table", { name: "差假" }).waitFor();

  const cells = page.getByRole("button", { name: "錯誤：身分證統一編號檢查碼錯誤" });
  await cells.nth(1).waitFor();
  await page.keyboard.press("j");
  await isFocused(cells.nth(0));
  await page.keyboard.press("j");
  await isFocused(cells.nth(1));
  await page.keyboard.press("k");
  await isFocused(cells.nth(0));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "說明" });
  await dialog.waitFor();
  await page.keyboard.press("j");
  assert.ok(await dialog.evaluate((box) => box.contains(document.activeElement)));
  await tabTo(page, dialog.getByRole("button", { name: "複製給廠商" }));
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await isFocused(cells.nth(0));

  await page.keyboard.press("Space");
  await tabTo(page, dialog.getByRole("button", { name: "關閉" }));
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await isFocused(cells.nth(0));
});

portalTest("letters that are typed stay letters, and the keys can be switched off", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/findings?status=all&from=2026-01-01`);
  const file = asFile("wrong.json", await contentFor(page, agency, { wrong: 1 }));
  await submitByApi(page, agency, file);
  await page.reload();
  const cell = page.locator(".records .cell-button").first();
  await cell.waitFor();
  const field = page.getByLabel("規則代碼");
  await field.focus();
  await page.keyboard.type("jk");
  assert.equal(await field.inputValue(), "JK");
  await isFocused(field);
  await field.fill("");
  const choice = page.getByLabel(/以按鍵 J、K/);
  await choice.focus();
  await page.keyboard.press("Space");
  assert.equal(await choice.isChecked(), false);
  await page.keyboard.press("j");
  await isFocused(choice);
  await page.reload();
  await cell.waitFor();
  assert.equal(await page.getByLabel(/以按鍵 J、K/).isChecked(), false);
  await page.getByLabel(/以按鍵 J、K/).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("j");
  await isFocused(cell);
});

portalTest("the skip link leads past banner and menu", async (page) => {
  await page.goto("/rules");
  await page.getByRole("heading", { level: 1, name: "檢核規則" }).waitFor();
  const skip = page.getByRole("link", { name: "跳到主要內容區塊" });
  await tabTo(page, skip);
  await page.keyboard.press("Enter");
  await isFocused(page.getByRole("main"));
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement?.closest("main") !== null));
});
