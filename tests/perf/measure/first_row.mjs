// How long a person waits for a page of the portal: from the start of the navigation to the first
// row of its table, with an empty cache. Prints {page: [ms, …]}. The demo's people log in.
import { launch, portalUrl } from "../../portal/support/browser.mjs";
import { logInAs, PEOPLE } from "../../portal/support/people.mjs";

const TIMES = Number(process.argv[2] ?? 5);
const { supervisor, operator } = PEOPLE;
const PAGES = {
  home: [supervisor, ""],
  summary: [supervisor, "/summary"],
  findings: [supervisor, "/findings?status=all"],
  "report by agency": [supervisor, "/reports?report=agencies"],
  unmatched: [supervisor, "/unmatched"],
  rates: [supervisor, "/rates"],
  notices: [supervisor, "/notices"],
  administration: [operator, "/admin"],
};

/** In the page: notes when the first row is there, before it is painted. */
function watch() {
  const look = () => {
    if (!document.querySelector("main tbody tr")) return false;
    window.firstRowAt = performance.now();
    return true;
  };
  const watching = new MutationObserver(() => look() && watching.disconnect());
  watching.observe(document, { childList: true, subtree: true });
}

async function loggedIn(browser, person) {
  const context = await browser.newContext({ baseURL: portalUrl() });
  await logInAs(await context.newPage(), person, `/a/${person.agency}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function firstRow(browser, state, path) {
  const context = await browser.newContext({ baseURL: portalUrl(), storageState: state });
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(path);
  const at = await (await page.waitForFunction(() => window.firstRowAt)).jsonValue();
  await context.close();
  return at;
}

const browser = await launch();
const states = new Map();
const found = {};
for (const [name, [person, path]] of Object.entries(PAGES)) {
  if (!states.has(person)) states.set(person, await loggedIn(browser, person));
  found[name] = [];
  for (let i = 0; i < TIMES; i += 1)
    found[name].push(await firstRow(browser, states.get(person), `/a/${person.agency}${path}`));
}
await browser.close();
process.stdout.write(JSON.stringify(found));
