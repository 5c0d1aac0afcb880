// The counter: find, see what the money settles, take it, hand over the receipt; undo it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAs, views } from './service.mjs';

// debtors are room numbers of 安和一村 that owe something, so that each test has a household of its own.
export async function debtors(service, browser) {
  const page = await openAs(browser, service.base, 'cashier', views.desk);
  await page.goto('/arrears?estate=0&q=7-');
  const rows = await page.locator('tbody tr', { hasText: '安和一村' }).locator('.card-title a').allTextContents();
  await page.context().close();
  assert.ok(rows.length >= 8, `${rows.length} households of building 7 owe something`);
  return rows;
}

const shownSum = (page, amount) => page.getByRole('button', { name: `收 ${amount} 元，开 1 张收据` });

export function counterTests(given) {
  for (const [width, view] of Object.entries(views)) {
    test(`a cashier takes money and prints the receipt (${width})`, async () => {
      const page = await openAs(given.browser, given.service.base, 'cashier', view);
      const room = given.rooms.pop();
      await page.addInitScript(() => { window.print = () => { document.documentElement.dataset.printed = 'yes'; }; });
      await page.goto('/counter');
      await page.getByLabel('房号、姓名、电话', { exact: true }).fill(room);
      await page.keyboard.press('Enter');
      await page.locator('.who').waitFor();
      await page.getByLabel('金额').fill('50');
      await shownSum(page, '50.00').waitFor();
      await page.locator('#receipts').getByText('伍拾元整').waitFor();
      assert.equal(await page.locator('#allocation tbody .tag.good').count(), 1, 'fifty yuan settle one month');
      await shownSum(page, '50.00').click();
      await page.waitForURL(/\/payments\/\d+/);
      await page.getByRole('heading', { level: 1, name: '收好了 50.00 元' }).waitFor();
      const number = await page.locator('.document').getByText(/^编号 .+-\d{6}$/).textContent();
      assert.match(number, /-\d{4}-\d{6}$/);
      await page.getByRole('button', { name: '打印' }).click();
      assert.equal(await page.locator('html').getAttribute('data-printed'), 'yes');
      await page.emulateMedia({ media: 'print' });
      assert.ok(await page.locator('.document').isVisible(), 'the receipt is on the paper');
      assert.ok(!await page.locator('.menu').isVisible(), 'the menu is not');
      await page.emulateMedia({ media: 'screen' });
      const pdf = await page.request.get(await page.getByRole('link', { name: '收据 PDF' }).getAttribute('href'));
      assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });

    test(`the payer names the months (${width})`, async () => {
      const page = await openAs(given.browser, given.service.base, 'cashier', view);
      await page.goto(`/counter?q=${given.rooms.pop()}`);
      await page.getByLabel('金额').fill('10');
      await shownSum(page, '10.00').waitFor();
      await page.getByLabel('业主指定账期').check();
      const months = page.locator('input[name=charge]');
      await months.last().waitFor();
      await months.last().check();
      await page.locator('#allocation tbody tr').last().getByText('部分').waitFor();
      assert.equal(await page.locator('#allocation tbody .tag.warn').count(), 1, 'only the month that was named is paid');
      await shownSum(page, '10.00').click();
      await page.waitForURL(/\/payments\/\d+/);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });

    test(`an accountant reverses a wrong payment (${width})`, async () => {
      const page = await openAs(given.browser, given.service.base, 'accountant', view);
      await page.goto('/receipts?estate=0');
      await page.locator('tbody tr:not(.gone) .card-title a').first().click();
      await page.getByLabel('为什么冲回').fill('收错了户');
      await page.getByRole('button', { name: '冲回' }).click();
      await page.locator('dialog').getByText('不能撤销').waitFor();
      await page.locator('dialog').getByRole('button', { name: '冲回' }).click();
      await page.getByText('这笔收款已冲回。').waitFor();
      await page.locator('.document').getByText(/已冲回：.+收错了户/).waitFor();
      await page.goto('/receipts');
      assert.ok(await page.locator('tr.gone').count() >= 1, 'the list shows that it does not stand');
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }

  test('money is taken with the keyboard alone', async () => {
    const page = await openAs(given.browser, given.service.base, 'cashier', views.desk);
    const room = given.rooms.pop();
    await page.goto('/counter');
    await page.keyboard.type(room);
    await page.keyboard.press('Enter');
    await page.locator('.who').waitFor();
    await page.keyboard.type('20');
    await page.keyboard.press('Enter'); // before anything is shown of it
    await shownSum(page, '20.00').waitFor();
    assert.ok(page.url().includes('/counter'), 'nothing was taken that had not been shown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/payments\/\d+/);
    await page.getByText('收了 20.00 元。').waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('without script the counter asks to look first, then takes the money', async () => {
    const page = await openAs(given.browser, given.service.base, 'cashier', { ...views.desk, javaScriptEnabled: false });
    await page.goto(`/counter?q=${given.rooms.pop()}`);
    await page.getByLabel('金额').fill('15');
    await page.getByRole('button', { name: '看这笔钱冲哪几期' }).click();
    await shownSum(page, '15.00').click();
    await page.getByRole('heading', { level: 1, name: '收好了 15.00 元' }).waitFor();
    await page.context().close();
  });
}
