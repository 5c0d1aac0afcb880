// Every page at both widths: it is there, fits, its program is silent, and axe finds nothing serious.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { openAs, views } from './service.mjs';
import { visits } from './visits.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// serious are the findings of axe that keep somebody from using the page.
async function serious(page) {
  await page.evaluate(axe); // by the debugger's way in, which the page's policy does not bar
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

export function lookTests(given) {
  for (const [width, view] of Object.entries(views)) {
    test(`every page fits, is silent and accessible (${width})`, async (t) => {
      const opened = {};
      const open = async (who) => { opened[who] ??= await openAs(given.browser, given.service.base, who, view); return opened[who]; };
      for (const { who, name, address } of await visits(open)) {
        await t.test(`${name} (${who})`, async () => {
          const page = await open(who);
          page.complaints.length = 0;
          const answer = await page.goto(address);
          assert.equal(answer.status(), 200);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing is wider than the window');
          assert.equal(await page.locator('h1').count(), 1);
          assert.deepEqual(page.complaints, []);
          assert.deepEqual(await serious(page), []);
        });
      }
      await Promise.all(Object.values(opened).map((page) => page.context().close()));
    });
  }

  test('the login page is accessible and refuses a wrong password', async () => {
    const context = await given.browser.newContext({ ...views.phone, baseURL: given.service.base });
    const page = await context.newPage();
    await page.goto('/login');
    assert.deepEqual(await serious(page), []);
    await page.getByLabel('用户名').fill('shoufei');
    await page.getByLabel('密码').fill('not this one');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('用户名或密码不对').first().waitFor();
    await context.close();
  });

  for (const [width, view] of Object.entries(views)) {
    test(`the first pages of the sub-district and the committee say how it stands (${width})`, async () => {
      const street = await openAs(given.browser, given.service.base, 'street', view);
      await street.getByText('安和一村').first().waitFor();
      assert.equal(await street.getByText(/1[35]\d\*{4}\d{4}/).count(), 0, 'no telephone of a resident');
      const committee = await openAs(given.browser, given.service.base, 'committee', view);
      await committee.getByText('安和一村').first().waitFor();
      assert.equal(await committee.getByRole('link', { name: '收款' }).count(), 0, 'a committee takes no money');
      await Promise.all([street, committee].map((page) => page.context().close()));
    });
  }
}
