// The books: a month is reopened with a reason, closed again, and the trial balance stays level.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAs, views } from './service.mjs';

export function bookTests(given) {
  for (const [width, view] of Object.entries(views)) {
    test(`a month is closed and the trial balance is level (${width})`, async () => {
      const manager = await openAs(given.browser, given.service.base, 'manager', view);
      await manager.goto('/periods');
      await manager.getByRole('link', { name: '重开' }).first().click();
      await manager.getByLabel('为什么重开').fill('补记一笔保洁费');
      await manager.getByRole('button', { name: '重开' }).click();
      await manager.locator('dialog').getByRole('button', { name: '重开' }).click();
      await manager.getByText('已反结账').waitFor();
      const accountant = await openAs(given.browser, given.service.base, 'accountant', view);
      await accountant.goto('/periods');
      await accountant.getByRole('button', { name: /^结 \d{4} 年 \d+ 月的账$/ }).click();
      await accountant.getByText('已结账。').first().waitFor();
      await accountant.goto('/trial-balance?from=2025-01-01');
      await accountant.getByText('平。', { exact: true }).waitFor();
      assert.equal(await accountant.getByText('不平').count(), 0);
      assert.deepEqual([...manager.complaints, ...accountant.complaints], []);
      await manager.context().close();
      await accountant.context().close();
    });
  }
}
