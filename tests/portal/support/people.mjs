// The demo people of the local issuer, by the names of their buttons on its login page.
export const PEOPLE = {
  clerk: { button: "承辦人 甲", agency: "Z00000013A" },
  delegate: { button: "承辦人 乙", agency: "Z00000019A", delegated: ["Z00000025A", "Z00000031A"] },
  supervisor: { button: "主管機關 丙", agency: "Z00000004A" },
  personnel: { button: "人事 丁", agency: "Z00000004A" },
  operator: { button: "營運 戊", agency: "Z00000001A" },
  auditor: { button: "稽核 己", agency: "Z00000001A" },
  nobody: { button: "未授權 庚", agency: "Z00000037A" },
};

/** Opens a page of the portal and goes through the issuer's login when it is asked for. */
export async function logInAs(page, person, path = "/") {
  await page.goto(path);
  const logIn = page.getByRole("link", { name: /^(登入|Log in)$/ });
  const button = page.getByRole("button", { name: person.button });
  await logIn.or(button).first().waitFor();
  if (await logIn.isVisible()) await logIn.click();
  await button.click();
  await page.getByRole("button", { name: /^(登出|Log out)$/ }).waitFor();
}
