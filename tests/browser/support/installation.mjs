// What those who look after the installation do.

// Comes into a workspace to help, for as long as the page proposes.
export async function comeInToHelp(page, org, reason) {
  await page.goto('/admin/organizations');
  await page.locator(`#main a.table__main`, { hasText: org }).click();
  await page.locator('#main a[href$="/support"]').click();
  await page.locator('#reason').fill(reason);
  await page.locator('#main form:has(#reason) .btn--primary').click();
  await page.waitForURL('**/w/*');
}

// Shows the support out of a workspace.
export async function showOut(page, org) {
  await page.goto(`/w/${org}/settings/support`);
  await page.locator('#main form[action$="/end"] button').click();
  await page.locator('#main form[action$="/end"]').waitFor({ state: 'detached' });
}
