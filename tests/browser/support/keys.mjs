// A page by keyboard alone.

// Presses Tab until the focus is on what matches. Fails when it comes round without having been there.
export async function tabTo(page, selector, key = 'Tab') {
  for (let pressed = 0; pressed < 150; pressed += 1) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`the keyboard does not come to ${selector}`);
}

// Goes there and presses Enter.
export async function enter(page, selector) {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

// Goes to a field and types into it, in place of what is there.
export async function retype(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

// Waits until what has this id has the focus.
export async function hasFocus(page, id, why) {
  await page.waitForFunction((wanted) => document.activeElement.id === wanted, id, { timeout: 3000 }).catch(async () => {
    const there = await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120));
    throw new Error(`${why}: not #${id}, but ${there}`);
  });
}
