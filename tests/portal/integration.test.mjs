// 介接設定 with a receiver of the test's own, and 介接異常. What a test adds it removes again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { change, read, readAll } from "./support/api.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { portalUrl } from "./support/browser.mjs";
import { isFocused } from "./support/keys.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { isSigned, ownReceiver, signaturesOf } from "./support/receiver.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const { agency } = PEOPLE.clerk;
const HOOKS = "/api/v1/webhooks";
const EVENTS = ["deadline.near"];
const CHINESE = /\p{Script=Han}/u;

const webhooks = async (page) => (await read(page, agency, HOOKS)).webhooks;
const table = (page) => page.getByRole("table", { name: "Webhook", exact: true });
const rowOf = (page, url) => table(page).getByRole("row").filter({ hasText: url });
const press = (place, name) => place.getByRole("button", { name }).click();
const deliveries = (page) => page.getByRole("table", { name: "傳送紀錄", exact: true });
const newest = (page) => deliveries(page).getByRole("row").nth(1);
const addButton = (page) => page.getByRole("button", { name: "新增", exact: true });

/** A test of 介接設定 by the clerk, with a receiver; leaves the agency as it was. */
function hookTest(name, run) {
  portalTest(name, async (page) => {
    await logInAs(page, PEOPLE.clerk, `/a/${agency}/integration`);
    const before = new Set((await webhooks(page)).map(({ id }) => id));
    const receiver = await ownReceiver();
    try {
      await run(page, receiver);
    } finally {
      for (const { id } of await webhooks(page))
        if (!before.has(id)) await change(page, agency, "DELETE", `${HOOKS}/${id}`);
      receiver.close();
    }
  });
}

async function shownSecret(page) {
  const dialog = page.getByRole("dialog", { name: "簽章金鑰" });
  const secret = await dialog.getByText(/^whsec_[\w+/=]{32,}$/).textContent();
  await assertAccessible(page);
  await press(dialog, "關閉");
  await dialog.waitFor({ state: "detached" });
  return secret;
}

async function addByForm(page, url) {
  await addButton(page).click();
  await page.getByLabel("網址").fill(url);
  await press(page, "儲存");
  const secret = await shownSecret(page);
  await rowOf(page, url).getByText("啟用中").waitFor();
  return secret;
}

/** Added beside the page, which shows it then. */
async function added(page, url) {
  const webhook = await change(page, agency, "POST", HOOKS, { url, events: EVENTS });
  await page.reload();
  await rowOf(page, url).waitFor();
  return webhook;
}

portalTest("the demo's webhook is there with its deliveries, which can be saved", async (page) => {
  await logInAs(page, PEOPLE.clerk, `/a/${agency}/integration`);
  const [{ id, url }] = (await webhooks(page)).toReversed();
  await rowOf(page, url).getByText("啟用中").waitFor();
  await press(rowOf(page, url), "傳送紀錄");
  await newest(page).getByText("已送達").waitFor();
  await page.waitForURL(new RegExp(id));
  await page.reload();
  await newest(page).getByText("204").waitFor();
  await assertAccessible(page);

  const all = await readAll(page, agency, `${HOOKS}/${id}/deliveries`, "deliveries");
  await press(page, "匯出");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV", exact: true }).click();
  const lines = readFileSync(await (await download).path(), "utf8")
    .trim()
    .split("\r\n");
  assert.equal(lines[0].replace(/^\uFEFF/, ""), "序號,事件,狀態,時間");
  assert.equal(lines.length - 1, all.length);
  assert.match(lines[1], new RegExp(`^${all[0].n},[^,]+,已送達,`));
});

hookTest("what is missing or refused is said above the form", async (page) => {
  await addButton(page).click();
  const field = page.getByLabel("網址");
  await isFocused(field);
  await press(page, "儲存");
  const alert = page.getByRole("alert");
  await alert.getByRole("link", { name: "請填 https 網址" }).click();
  await isFocused(field);
  await assertAccessible(page);

  const events = page.getByRole("group", { name: "事件" }).getByRole("checkbox");
  for (const box of await events.all()) await box.uncheck();
  for (const url of ["http://10.0.0.1/hook", "https://192.168.1.1/hook"]) {
    await field.fill(url);
    await events.first().uncheck();
    await press(page, "儲存");
    await alert.getByRole("link", { name: "請至少選擇一項事件" }).waitFor();
    await events.first().check();
    const answer = page.waitForResponse((one) => one.request().method() === "POST");
    await press(page, "儲存");
    const { detail } = await (await answer).json();
    assert.match(detail, /^網址/, "a clerk reads it");
    await alert.getByRole("link", { name: detail, exact: true }).click();
    await isFocused(field);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await alert.count(), 1);
    await assertAccessible(page);
  }
  await press(page, "取消");
  await field.waitFor({ state: "detached" });
  await isFocused(addButton(page));
});

hookTest("a secret is shown once and is nowhere after that", async (page, { url }) => {
  const isNowhere = async (secret) => {
    const kept = await page.evaluate(() =>
      JSON.stringify([
        document.documentElement.outerHTML,
        [...document.querySelectorAll("input")].map(({ value }) => value),
        { ...localStorage },
        { ...sessionStorage },
        history.state,
        location.href,
      ]),
    );
    const key = secret.replace("whsec_", "");
    assert.ok(!kept.includes(key) && !kept.includes("whsec_"));
    assert.ok(!JSON.stringify(await webhooks(page)).includes(key));
  };
  await addButton(page).click();
  await page.getByLabel("網址").fill(url);
  await press(page, "儲存");
  const dialog = page.getByRole("dialog", { name: "簽章金鑰" });
  await dialog.waitFor();
  await page.keyboard.press("Escape"); // by mistake: it stays
  await press(dialog, "複製金鑰");
  await dialog.getByRole("status").getByText(/複製/).waitFor();
  const secret = await shownSecret(page);
  await isFocused(addButton(page));
  await isNowhere(secret);
  await page.reload();
  await rowOf(page, url).waitFor();
  await isNowhere(secret);
});

hookTest("a test event arrives signed with the secret that was shown", async (page, receiver) => {
  const secret = await addByForm(page, receiver.url);
  await press(rowOf(page, receiver.url), "測試");
  await page.getByRole("status").getByText("已送出測試事件").waitFor();
  const delivery = await receiver.arrived(1);
  assert.equal(JSON.parse(delivery.body).type, "webhook.test");
  assert.ok(isSigned(secret, delivery));
  assert.ok(!isSigned(`whsec_${"A".repeat(32)}`, delivery));
  await press(rowOf(page, receiver.url), "傳送紀錄");
  await newest(page).getByText("測試").waitFor();
  await newest(page).getByText("已送達").waitFor();
  await assertAccessible(page);
});

hookTest("what failed waits, and is sent again at once when asked", async (page, receiver) => {
  await added(page, receiver.url);
  receiver.answerWith(500);
  await press(rowOf(page, receiver.url), "測試");
  await press(rowOf(page, receiver.url), "傳送紀錄");
  await receiver.arrived(2); // after 5 s; the third comes by itself only after 5 minutes
  await newest(page).getByText("等待重試").waitFor();
  await newest(page)
    .getByText(/500\s+下次重試/)
    .waitFor();
  await rowOf(page, receiver.url).getByText("傳送失敗").waitFor();
  await assertAccessible(page);
  await operatorSeesFailing(page, receiver.url);

  receiver.answerWith(200);
  await press(newest(page), "重送");
  await page.getByRole("status").getByText("第 1 筆已排入重送").waitFor();
  const again = await receiver.arrived(3);
  assert.equal(again.headers["webhook-id"], receiver.got[0].headers["webhook-id"]);
  await newest(page).getByText("已送達").waitFor();
  await rowOf(page, receiver.url).getByText("啟用中").waitFor();
});

/** In a browser of the operator's own. */
async function operatorSeesFailing(page, url) {
  const context = await page.context().browser().newContext({ baseURL: portalUrl() });
  const desk = await context.newPage();
  await logInAs(desk, PEOPLE.operator, `/a/${PEOPLE.operator.agency}/admin`);
  await desk.getByRole("heading", { level: 2, name: "介接異常" }).waitFor();
  const failing = desk.getByRole("table", { name: "介接異常", exact: true });
  const row = failing.getByRole("row").filter({ hasText: url });
  await row.getByText("傳送失敗").waitFor();
  await row.getByText(agency).waitFor();
  await row.getByRole("rowheader", { name: /\p{Script=Han}/u }).waitFor(); // its name
  await assertAccessible(desk);
  await context.close();
}

hookTest(
  "a receiver that is gone stops its webhook, and a notice leads there",
  async (page, receiver) => {
    const known = new Set(
      (await readAll(page, agency, "/api/v1/notices", "notices")).map(({ id }) => id),
    );
    await added(page, receiver.url);
    receiver.answerWith(410);
    await press(rowOf(page, receiver.url), "測試");
    await rowOf(page, receiver.url).getByText("已停用").waitFor();
    await page.goto(`/a/${agency}/notices`);
    const [notice] = (await read(page, agency, "/api/v1/notices")).notices;
    assert.ok(!known.has(notice.id));
    const row = page.getByRole("table", { name: "通知" }).getByRole("row").nth(1);
    await row.getByText("介接停用").waitFor();
    await row.getByText("未讀").waitFor();
    await assertAccessible(page);
    await row.getByRole("link", { name: notice.text }).click();
    await page.getByRole("heading", { level: 1, name: "介接設定" }).waitFor();
    await page.goBack();
    await row.getByText("已讀").waitFor();
  },
);

hookTest("after a change of the secret both sign", async (page, receiver) => {
  const { secret } = await added(page, receiver.url);
  await press(rowOf(page, receiver.url), "更換金鑰");
  const asked = page.getByRole("dialog", { name: "確認更換金鑰" });
  await asked.waitFor();
  await assertAccessible(page);
  await press(asked, "確認");
  const next = await shownSecret(page);
  await isFocused(rowOf(page, receiver.url).getByRole("button", { name: "更換金鑰" }));
  assert.notEqual(next, secret);
  await press(rowOf(page, receiver.url), "測試");
  const delivery = await receiver.arrived(1);
  assert.equal(signaturesOf(delivery).length, 2);
  for (const one of [secret, next]) assert.ok(isSigned(one, delivery));
});

hookTest("a webhook is stopped, started and, asked once more, deleted", async (page, { url }) => {
  await added(page, url);
  const row = rowOf(page, url);
  await press(row, "停用");
  await row.getByText("已停用").waitFor();
  await assertAccessible(page);
  await press(row, "啟用");
  await row.getByText("啟用中").waitFor();
  await press(row, "傳送紀錄");
  await deliveries(page).getByText("查無資料").waitFor();
  await assertAccessible(page);
  const dialog = page.getByRole("dialog", { name: "確認刪除" });
  await press(row, "刪除");
  await dialog.getByText(url).waitFor();
  await assertAccessible(page);
  await press(dialog, "取消");
  await isFocused(row.getByRole("button", { name: "刪除" }));
  await press(row, "刪除");
  await press(dialog, "確認");
  await row.waitFor({ state: "detached" });
  await page.getByRole("status").getByText(`已刪除 ${url}`).waitFor();
  await isFocused(addButton(page));
  assert.equal(await page.getByRole("heading", { name: "傳送紀錄" }).count(), 0);
  assert.equal(await page.getByRole("alert").count(), 0);
});

hookTest("a sixth webhook is refused with the reason", async (page, { url }) => {
  for (let there = (await webhooks(page)).length; there < 5; there += 1)
    await added(page, `${url}?n=${there}`);
  await addButton(page).click();
  await page.getByLabel("網址").fill(url);
  await press(page, "儲存");
  const alert = page.getByRole("alert").filter({ hasText: "Webhook 已達上限" });
  await alert.getByText("每個機關最多 5 個 Webhook").waitFor();
  await assertAccessible(page);
});

/** A list loading, failed and, tried again, empty. */
async function passesItsStates(page, { list, path, address, empty }) {
  let answer = () => {};
  const handler = (route) => answer(route);
  await page.route(path, handler);
  await page.goto(address);
  await page.getByText("載入中").first().waitFor();
  await assertAccessible(page);
  answer = (route) => route.fulfill({ status: 500, body: "{}" });
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: `「${list.name}」沒有載入成功` });
  await alert.waitFor();
  await assertAccessible(page);
  answer = (route) => route.fulfill({ json: empty });
  await press(alert, "重試");
  await page.getByRole("table", { name: list.name, exact: true }).getByText("查無資料").waitFor();
  await assertAccessible(page);
  await page.unroute(path, handler);
}

portalTest("the lists while they load, failed, and without rows", async (page) => {
  const address = `/a/${agency}/integration`;
  await logInAs(page, PEOPLE.clerk, address);
  const [{ id }] = await webhooks(page);
  await passesItsStates(page, {
    list: { name: "Webhook" },
    path: /\/api\/v1\/webhooks$/,
    address,
    empty: { webhooks: [] },
  });
  await passesItsStates(page, {
    list: { name: "傳送紀錄" },
    path: /\/deliveries$/,
    address: `${address}?webhook=${id}`,
    empty: { deliveries: [], next_page_token: "" },
  });
  await page.context().clearCookies();
  await logInAs(page, PEOPLE.operator);
  await passesItsStates(page, {
    list: { name: "介接異常" },
    path: /\/api\/v1\/webhooks\?state=failing$/,
    address: `/a/${PEOPLE.operator.agency}/admin`,
    empty: { webhooks: [] },
  });
});

portalTest("why nothing answered is said in words, in English too", async (page) => {
  const address = `/a/${agency}/integration`;
  await logInAs(page, PEOPLE.clerk, address);
  const [{ id }] = await webhooks(page);
  const at = "2026-11-02T09:00:00+08:00";
  const one = {
    n: 7,
    event: "deadline.near",
    webhook_id: "msg_1_7",
    state: "waiting",
    attempts: [{ at, status: null, error: "connection_failed" }],
    next_at: at,
  };
  await page.route(/\/deliveries$/, (route) =>
    route.fulfill({ json: { deliveries: [one], next_page_token: "" } }),
  );
  await page.goto(`${address}?webhook=${id}`);
  await newest(page)
    .getByText(/無法連線\s+下次重試/)
    .waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { level: 2, name: "Deliveries" }).waitFor();
  await page.getByText(/no connection\s+next try/).waitFor();
  await press(page, "Add");
  await page.getByLabel("Address").fill("http://10.0.0.1/hook");
  await press(page, "Save");
  await page
    .getByRole("alert")
    .getByRole("link", { name: /^The address/ })
    .waitFor();
  assert.doesNotMatch(await page.getByRole("main").textContent(), CHINESE);
  await assertAccessible(page);
});
