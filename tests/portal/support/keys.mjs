// Moving through a page by keys.
import assert from "node:assert/strict";

const MOST_STEPS = 120;
const hasFocus = (locator) =>
  locator.evaluate((element) => element === document.activeElement).catch(() => false);

/** Waits until the element has the focus. */
export async function isFocused(locator) {
  await locator.waitFor();
  const element = await locator.elementHandle();
  await locator
    .page()
    .waitForFunction((wanted) => wanted === document.activeElement, element)
    .catch(async () => {
      const has = await locator.page().evaluate(() => document.activeElement?.outerHTML);
      assert.fail(`${locator} has no focus, but ${has?.slice(0, 200)}`);
    });
}

/** Presses Tab (or another key) until the element has the focus; what has it must be seen. */
export async function tabTo(page, locator, key = "Tab") {
  await locator.waitFor();
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    if (await hasFocus(locator)) {
      assert.ok(await isSeen(page), `${locator} has the focus, but is hidden`);
      return;
    }
    await page.keyboard.press(key);
  }
  assert.fail(`${locator} was not reached with ${MOST_STEPS} times ${key}`);
}

/** What has the focus is not covered at its middle, and stands inside the window. */
function isSeen(page) {
  return page.evaluate(() => {
    const focused = document.activeElement;
    const { left, top, width, height } = focused.getBoundingClientRect();
    const at = document.elementFromPoint(left + width / 2, top + height / 2);
    return at !== null && (focused.contains(at) || at.contains(focused));
  });
}
