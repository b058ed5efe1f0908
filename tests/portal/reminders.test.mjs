// 「催報」 of a supervising agency, and where notices lead.
import assert from "node:assert/strict";
import { read, readAll } from "./support/api.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { isFocused } from "./support/keys.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const { agency: authority } = PEOPLE.supervisor;
const MONTHS_BACK = 12;

/** A month that is over, an agency that has not reported it nor been reminded, and one that has. */
async function unreminded(page) {
  const today = new Date(Date.now() + 8 * 3_600_000); // in Taipei, as if it were UTC
  for (let back = 1; back <= MONTHS_BACK; back += 1) {
    const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back));
    const month = first.toISOString().slice(0, 7);
    // Of the first page alone: the test looks for both there.
    const path = `/api/v1/reporting-rates/agencies?month=${month}`;
    const { agencies } = await read(page, authority, path);
    const sent = await readAll(page, authority, `/api/v1/reminders?month=${month}`, "reminders");
    const reminded = new Set(sent.map(({ agency }) => agency));
    const missing = agencies.find(
      ({ agency, status }) => status === "missing" && !reminded.has(agency),
    );
    const reported = agencies.find(
      ({ agency, status }) => status === "reported" && agency !== authority,
    );
    if (missing && reported) return { month, missing: missing.agency, reported: reported.agency };
  }
  return assert.fail("nobody is left to be reminded");
}

/** The month that the page shows, as the API writes it. */
async function shownMonth(page) {
  const [year, month] = (await page.getByLabel("資料年月").inputValue()).split("/");
  return `${Number(year) + 1911}-${month}`;
}

async function remind(page, count) {
  await page.getByRole("button", { name: "催報", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "確認催報" });
  await dialog.getByText(new RegExp(`${count} 個機關`)).waitFor();
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "確認" }).click();
  await dialog.waitFor({ state: "detached" });
}

portalTest("agencies are reminded once a day, and see it", async (page, context) => {
  await logInAs(page, PEOPLE.supervisor, `/a/${authority}/rates`);
  const { month, missing, reported } = await unreminded(page);
  await page.goto(`/a/${authority}/rates?month=${month}&status=all`);
  const box = (agency) => page.getByRole("checkbox", { name: agency });
  await box(missing).waitFor();
  await page.getByRole("row").filter({ hasText: authority }).first().waitFor();
  assert.equal(await box(authority).count(), 0, "nobody reminds itself");
  await page.getByRole("button", { name: "催報", exact: true }).click();
  await page.getByRole("alert").getByRole("link", { name: "請先勾選要催報的機關" }).click();
  await isFocused(page.getByRole("button", { name: "催報", exact: true }));
  await assertAccessible(page);

  await box(missing).check();
  await box(reported).check();
  await remind(page, 2);
  const result = page.getByRole("status").filter({ hasText: "已催報 1 個機關，略過 1 個" });
  await result.getByRole("listitem").filter({ hasText: reported }).getByText("已報送").waitFor();
  const sent = page.getByRole("table", { name: "已催報紀錄", exact: true });
  await sent.getByRole("row").filter({ hasText: missing }).getByText(authority).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.equal(await box(missing).isChecked(), false);
  await assertAccessible(page);

  await box(missing).check();
  await remind(page, 1);
  const again = page.getByRole("status").filter({ hasText: "已催報 0 個機關，略過 1 個" });
  await again.getByText("今日已催報").waitFor();
  assert.equal(await sent.getByRole("row").filter({ hasText: missing }).count(), 1);

  // What was chosen and said belongs to its month.
  await box(reported).check();
  const [year, number] = month.split("-").map(Number);
  const before = new Date(Date.UTC(year, number - 2)).toISOString().slice(0, 7);
  await page.getByLabel("資料年月").fill(`${Number(before.slice(0, 4)) - 1911}/${before.slice(5)}`);
  await page.getByRole("button", { name: "查詢" }).click();
  await page.waitForURL(new RegExp(`month=${before}`));
  await box(reported).waitFor();
  await again.waitFor({ state: "detached" });
  assert.equal(await box(reported).isChecked(), false);

  const { delegate } = PEOPLE;
  assert.ok(delegate.delegated.includes(missing), `${missing} has a clerk among the demo's people`);
  await context.clearCookies();
  await logInAs(page, delegate, `/a/${missing}/notices`);
  const { notices } = await read(page, missing, "/api/v1/notices");
  const notice = notices.find((one) => one.kind === "reminder" && one.month === month);
  const row = page.getByRole("row").filter({ hasText: notice.text });
  await row.getByText("催報", { exact: true }).waitFor();
  await row.getByText("未讀").waitFor();
  await assertAccessible(page);
  await row.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: "手動報送" }).waitFor();
  await page.goBack();
  await row.getByText("已讀").waitFor();
});

portalTest("many agencies are found and chosen at once", async (page) => {
  await logInAs(page, PEOPLE.supervisor, `/a/${authority}/rates?status=all`);
  const list = page.getByRole("table", { name: "機關報送狀態", exact: true });
  const rows = () => list.locator("tbody tr").count();
  await list.getByRole("row").nth(1).waitFor();
  const all = await readAll(
    page,
    authority,
    `/api/v1/reporting-rates/agencies?page_size=1000&month=${await shownMonth(page)}`,
    "agencies",
  );
  await page.getByRole("button", { name: "選取全部" }).click();
  await page.getByText(`已選 ${(all.length - 1).toLocaleString("en")} 個機關`).waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "取消選取" }).click();
  await page.getByText("已選 0 個機關").waitFor();

  const last = all.at(-1);
  await page.getByLabel("機關名稱或代碼").fill(last.agency);
  await page.getByRole("button", { name: "尋找" }).click();
  await page.waitForURL(new RegExp(`q=${last.agency}`));
  await list.locator("tbody tr").nth(1).waitFor({ state: "detached" });
  await list.getByRole("checkbox", { name: last.agency }).waitFor();
  assert.equal(await rows(), 1);
  await page.getByRole("button", { name: "選取本頁" }).click();
  await page.getByText("已選 1 個機關").waitFor();
  await page.reload();
  await list.getByRole("checkbox", { name: last.agency }).waitFor();
  assert.equal(await rows(), 1, "what was looked for stands in the address");
});

portalTest("a notice leads to what it speaks of", async (page) => {
  const { agency } = PEOPLE.clerk;
  const leads = {
    reminder: ["催報", "手動報送"],
    deadline_before: ["期限提醒", "手動報送"],
    findings_changed: ["錯誤異動", "錯誤明細"],
    webhook_disabled: ["介接停用", "介接設定"],
  };
  const notices = Object.keys(leads).map((kind, at) => ({
    id: 900_000_000 + at,
    kind,
    agency,
    agency_name: "虛構機關",
    month: "2026-10",
    submission_id: null,
    webhook_id: kind === "webhook_disabled" ? "df3138ff-821b-43f8-a102-feedede6d56a" : null,
    text: `內容 ${at}`,
    created_at: "2026-11-02T09:00:00+08:00",
    read_at: null,
  }));
  await page.route(/\/api\/v1\/notices(\?|$)/, (route) =>
    route.fulfill({ json: { notices, unread: notices.length, next_page_token: "" } }),
  );
  await page.route(/\/api\/v1\/notices\/\d+\/read$/, (route) => route.fulfill({ status: 204 }));
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/notices`);
  for (const { kind, text, id } of notices) {
    const [name, heading] = leads[kind];
    const row = page.getByRole("row").filter({ hasText: text });
    await row.getByText(name, { exact: true }).waitFor();
    const read = page.waitForRequest((one) => one.url().endsWith(`/notices/${id}/read`));
    await row.getByRole("link", { name: text }).click();
    await read;
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    // What a change of Table 19 mended is no open finding.
    if (kind === "findings_changed") assert.match(page.url(), /\/findings\?status=all$/);
    await page.goBack();
  }
  await page.getByRole("heading", { level: 1, name: "通知" }).waitFor();
  await assertAccessible(page);
});
