import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import { isFocused } from "./support/keys.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const monthly = (page) => page.getByRole("table", { name: "機關每月筆數統計表" });

portalTest("the home page has its three sections", async (page) => {
  await logInAs(page, PEOPLE.clerk);
  for (const name of ["本月工作台", "最新公告", "機關每月筆數統計表"])
    await page.getByRole("heading", { level: 2, name }).waitFor();
  await monthly(page).waitFor();
  await assertAccessible(page);
});

portalTest("a search stands in the address, and back takes it away", async (page) => {
  await logInAs(page, PEOPLE.supervisor);
  await monthly(page).waitFor();
  await page.getByLabel("機關名稱或代碼").fill(PEOPLE.clerk.agency);
  await page.getByRole("button", { name: "查詢" }).click();
  await page.waitForURL(/q=Z00000013A/);
  await page.getByText("共 1 頁，1 個機關").waitFor();
  await page.reload();
  await page.getByText("共 1 頁，1 個機關").waitFor();
  assert.equal(await page.getByLabel("機關名稱或代碼").inputValue(), PEOPLE.clerk.agency);
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("q="));
  assert.equal(await page.getByLabel("機關名稱或代碼").inputValue(), "");
});

portalTest("the table's last row is the API's own sum", async (page) => {
  await logInAs(page, PEOPLE.supervisor);
  await monthly(page).waitFor();
  const answer = await page.request.get("/api/v1/statistics/monthly", {
    headers: { "X-Acting-Agency": PEOPLE.supervisor.agency, "Sec-Fetch-Site": "same-origin" },
  });
  const { sum } = await answer.json();
  const leave = sum.months.reduce((total, month) => total + month.leave, 0);
  const cells = await monthly(page).locator("tfoot td").allInnerTexts();
  assert.equal(cells.at(-2), leave.toLocaleString("en-US"));
});

portalTest(
  "the page fits a window of 320 pixels; only tables scroll sideways",
  async (page) => {
    await logInAs(page, PEOPLE.clerk);
    await monthly(page).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `the page is ${width} pixels wide`);
    await assertAccessible(page);
  },
  { viewport: { width: 320, height: 640 } },
);

portalTest("a failed list says so and can be tried again", async (page) => {
  const path = "**/api/v1/statistics/monthly*";
  await page.route(path, (route) => route.fulfill({ status: 503, body: "{}" }));
  await logInAs(page, PEOPLE.clerk);
  const alert = page.getByRole("alert").filter({ hasText: "機關每月筆數統計表" });
  await alert.waitFor();
  await assertAccessible(page);
  await page.unroute(path);
  await alert.getByRole("button", { name: "重試" }).click();
  await monthly(page).waitFor();
});

portalTest("an announcement opens by its title or address, and gives the focus back", async (page) => {
  const one = {
    id: "7",
    title: "系統維護",
    published_at: "2026-11-02T09:00:00+08:00",
    expires_at: null,
    audience: "public",
    attachments: [{ n: 1, file_name: "說明.pdf", size_bytes: 3456, media_type: "application/pdf" }],
  };
  const body = "本週五晚間維護。\n\n詳見 https://example.gov.tw/a。";
  await page.route(/\/api\/v1\/announcements(\?|$)/, (route) =>
    route.fulfill({ json: { announcements: [one], next_page_token: "" } }),
  );
  await page.route(/\/api\/v1\/announcements\/7$/, (route) =>
    route.fulfill({ json: { ...one, body } }),
  );
  await logInAs(page, PEOPLE.clerk);
  const title = page.getByRole("button", { name: one.title });
  const dialog = page.getByRole("dialog", { name: one.title });
  const closed = async () => {
    await dialog.waitFor({ state: "detached" });
    await isFocused(title);
  };
  await title.press("Enter");
  await dialog.getByRole("link", { name: "https://example.gov.tw/a", exact: true }).waitFor();
  await dialog.getByRole("link", { name: /^說明\.pdf/ }).waitFor();
  await page.waitForURL(/announcement=7/);
  await assertAccessible(page);
  await page.keyboard.press("Escape");
  await closed();
  await title.press("Enter");
  await dialog.getByRole("button", { name: "確認" }).click();
  await closed();
  await title.click();
  await dialog.waitFor();
  await page.mouse.click(3, 3); // beside it
  await closed();
  await page.goto(`/a/${PEOPLE.clerk.agency}?announcement=7`);
  await dialog.waitFor();
});
