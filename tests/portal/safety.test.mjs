// What holds on every page: no other origin, no violated policy, a small first load, a narrow
// window, and an English interface without Chinese words.
import assert from "node:assert/strict";
import { submitByApi } from "./support/api.mjs";
import { portalUrl } from "./support/browser.mjs";
import { asFile, contentFor } from "./support/files.mjs";
import { OPEN_PATHS, pagesOf, stands } from "./support/pages.mjs";
import { logInAs, PEOPLE } from "./support/people.mjs";
import { portalTests } from "./support/testing.mjs";

const portalTest = portalTests();
const FIRST_LOAD = 180 * 1024;
const CHART = 190 * 1024;
let submission;

/** The clerk's pages need a file with findings; the first test that asks for it makes it. */
async function pages(page) {
  if (!submission) {
    await logInAs(page, PEOPLE.clerk);
    const { agency } = PEOPLE.clerk;
    const file = asFile("safety.json", await contentFor(page, agency, { wrong: 2 }));
    submission = (await submitByApi(page, agency, file)).submission_id;
    await page.context().clearCookies();
  }
  return [{ paths: OPEN_PATHS }, ...pagesOf(submission)];
}

/** Opens every page as somebody who may, and lets `look` judge it. Complaints are gathered, so that
 * one run tells them all. */
async function onEveryPage(page, look) {
  const complaints = [];
  for (const { person, paths } of await pages(page)) {
    await page.context().clearCookies();
    if (person) await logInAs(page, person, paths[0]);
    for (const path of paths) {
      await page.goto(path);
      await stands(page);
      complaints.push(...(await look(path)).map((text) => `${path}: ${text}`));
    }
  }
  assert.deepEqual(complaints, []);
}

portalTest("no page asks another origin, breaks the policy or is large", async (page) => {
  const own = new URL(portalUrl()).origin;
  const foreign = new Set();
  let ofIssuer = false;
  let loaded = [];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (["data:", "blob:"].includes(protocol)) return;
    if (request.isNavigationRequest()) {
      ofIssuer = origin !== own; // the login has pages of its own
      loaded = [];
    } else if (origin !== own && !ofIssuer) foreign.add(request.url());
  });
  page.on("requestfinished", (request) => {
    const { pathname } = new URL(request.url());
    if (request.isNavigationRequest() || pathname.startsWith("/assets/")) loaded.push(request);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  const browser = await page.context().newCDPSession(page);
  await browser.send("Network.enable");
  await browser.send("Network.setCacheDisabled", { cacheDisabled: true });
  await onEveryPage(page, async () => [
    ...(await page.evaluate(() => window.violations)),
    ...(await complaintsOfSize(loaded)),
  ]);
  assert.deepEqual([...foreign], []);
});

/** The document and all files of the page, as they were transferred. */
async function complaintsOfSize(requests) {
  const bytes = { page: 0, chart: 0 };
  const complaints = [];
  for (const request of requests) {
    const { pathname } = new URL(request.url());
    bytes[/\/chart-/.test(pathname) ? "chart" : "page"] += (await request.sizes()).responseBodySize;
    const { "content-encoding": packed } = await (await request.response()).allHeaders();
    if (/\.(js|css)$/.test(pathname) && packed !== "br") complaints.push(`${pathname} without br`);
  }
  if (bytes.page === 0 || bytes.page > FIRST_LOAD) complaints.push(`${bytes.page} bytes`);
  if (bytes.chart > CHART) complaints.push(`the chart has ${bytes.chart} bytes`);
  return complaints;
}

portalTest(
  "every page fits a window of 320 pixels, as at 400 %",
  async (page) => {
    await onEveryPage(page, async () => {
      const wide = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth <= clientWidth) return [];
        const beyond = [...document.querySelectorAll("body *")].filter((one) => {
          const { right } = one.getBoundingClientRect();
          return right > clientWidth + 1 && !one.closest(".table-region, .sr-only, pre");
        });
        const names = beyond.map((one) => `${one.tagName}.${one.className}`).slice(0, 5);
        return [`${scrollWidth} pixels wide: ${names}`];
      });
      // What scrolls by itself can be reached with the keyboard, and has a name.
      const mute = await page.evaluate(() =>
        [...document.querySelectorAll("main *")]
          .filter((one) => one.scrollWidth > one.clientWidth + 1)
          .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
          .filter((one) => one.tabIndex < 0 || !(one.ariaLabel || one.getAttribute("aria-labelledby")))
          .map((one) => `${one.tagName}.${one.className} scrolls and cannot be reached`),
      );
      return [...wide, ...mute];
    });
  },
  { viewport: { width: 320, height: 256 } },
);

portalTest("in English no word of the interface is Chinese", async (page) => {
  await page.addInitScript(() => localStorage.setItem("chaiqin-language", "en"));
  await onEveryPage(page, () =>
    page.evaluate(() => {
      const han = /\p{Script=Han}/u;
      // Names and texts that come from data stay as they are.
      const data = ["noscript", ".person", "[lang^=zh]", ".news", ".document", "pre", ".records td"];
      data.push(".steps-list"); // names of buttons of another system
      // Of the demo's agencies; examples in the messages of rules.
      const names = /虛構\p{Script=Han}+\d*|\((e\.g\. )?[\p{Script=Han}、]+\)/gu;
      const lang = document.documentElement.lang === "en" ? [] : ["lang is not en"];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) {
        const { data: written, parentElement } = walker.currentNode;
        const text = written.replace(names, "");
        if (han.test(text) && !parentElement.closest(data.join())) found.push(text);
      }
      for (const one of document.querySelectorAll("[aria-label], [title], [placeholder]"))
        for (const name of ["aria-label", "title", "placeholder"]) {
          const text = one.getAttribute(name)?.replace(names, "");
          if (text && han.test(text) && !one.closest(data.join())) found.push(`${name}=${text}`);
        }
      if (han.test(document.title)) found.push(document.title);
      return [...lang, ...new Set(found)];
    }),
  );
});
