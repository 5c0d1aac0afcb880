// A month's bills from the preview to what owners see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAs, views } from './service.mjs';

export function billTests(given) {
  for (const [width, estate] of [['desk', '安和一村'], ['phone', '府前花园']]) {
    test(`an accountant previews, drafts and publishes a month (${width})`, async () => {
      const page = await openAs(given.browser, given.service.base, 'accountant', views[width]);
      await page.goto('/bills?estate=0');
      const month = await nextMonth(page, estate);
      const choice = page.locator('form[action="/bills/preview"]');
      await choice.getByLabel('小区').selectOption({ label: estate });
      await choice.getByLabel('账期').selectOption(month);
      await choice.getByRole('button', { name: '试算' }).click();
      await page.getByText('系统替你查过').waitFor();
      const total = await page.locator('.tile', { hasText: '本期应收' }).locator('.figure').textContent();
      await page.getByRole('button', { name: '存成草稿' }).click();
      await page.waitForURL(/\/bills\/\d+/);
      assert.equal(await page.locator('.tile', { hasText: '本期应收' }).locator('.figure').textContent(), total, 'the draft is what was previewed');
      await page.getByRole('button', { name: '核对无误，发布' }).click();
      await page.locator('dialog').getByText('业主马上看得到').waitFor();
      await page.locator('dialog').getByRole('button', { name: '核对无误，发布' }).click();
      await page.getByText(/已发布 [\d,]+ 张账单/).waitFor();
      await page.goto('/bills?estate=0');
      const row = page.locator('tbody tr', { hasText: estate }).filter({ hasText: month }).filter({ hasText: '已发布' });
      assert.equal(await row.count(), 1);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }

  test('a cashier is not offered what he may not do', async () => {
    const page = await openAs(given.browser, given.service.base, 'cashier', views.desk);
    assert.equal(await page.getByRole('link', { name: '出账' }).count(), 0);
    const answer = await page.goto('/bills');
    assert.equal(answer.status(), 403);
    await page.context().close();
  });
}

// nextMonth is the month after the last published one of an estate.
async function nextMonth(page, estate) {
  const rows = await page.locator('tbody tr', { hasText: estate }).filter({ hasText: '已发布' }).allTextContents();
  const last = rows.map((text) => text.match(/20\d\d-\d\d/)[0]).sort().at(-1);
  const [year, month] = last.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}
