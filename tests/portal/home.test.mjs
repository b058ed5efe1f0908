import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
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
