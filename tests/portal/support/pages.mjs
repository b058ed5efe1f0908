// Every page of the portal, with a person who may open it.
import { PEOPLE } from "./people.mjs";

const under = ({ agency }, ...pages) => pages.map((page) => `/a/${agency}${page}`);

/** `submission` is the id of one of the clerk's own. */
export const pagesOf = (submission) => [
  {
    person: PEOPLE.clerk,
    paths: under(
      PEOPLE.clerk,
      "",
      "/summary",
      "/findings?status=all",
      "/findings?status=all&tab=rules",
      "/reports",
      "/check",
      "/submit",
      "/unmatched",
      "/notices",
      "/integration",
      "/submissions",
      `/submissions/${submission}`,
      `/submissions/${submission}/findings`,
      "/admin", // refused
      "/nowhere", // not found
    ),
  },
  { person: PEOPLE.supervisor, paths: under(PEOPLE.supervisor, "/rates") },
  { person: PEOPLE.personnel, paths: under(PEOPLE.personnel, "", "/table19") },
  { person: PEOPLE.operator, paths: under(PEOPLE.operator, "/admin", "/reports?report=rates") },
  { person: PEOPLE.delegate, paths: ["/identity"] },
  { person: PEOPLE.nobody, paths: ["/"] },
];

export const OPEN_PATHS = ["/", "/rules", "/rules/C06", "/format", "/verify", "/manual"];

/** Waits until a page has its heading and nothing of it is on its way. */
export async function stands(page) {
  await page.locator("main h1").waitFor();
  await page.waitForFunction(() => !document.querySelector("main .loading, main [aria-busy]"));
}
