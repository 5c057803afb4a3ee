// axe-core, run inside a page without touching its content security policy.
import axe from 'axe-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

// What axe finds wrong with the page as it is now, one sentence each.
export async function axeProblems(page) {
  if (!await page.evaluate(() => Boolean(window.axe))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (values) => {
    const options = { runOnly: { type: 'tag', values }, resultTypes: ['violations'], iframes: false };
    const found = await window.axe.run(document, options);
    const told = ({ html, any, all, none }) => `${html.slice(0, 140)} (${[...any, ...all, ...none][0]?.message ?? ''})`;
    return found.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 4).map(told), count: nodes.length }));
  }, tags);
  return violations.map(({ id, help, nodes, count }) => `axe ${id}, ${count} times: ${help}\n      ${nodes.join('\n      ')}`);
}
