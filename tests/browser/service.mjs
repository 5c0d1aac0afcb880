// The real binary with its own database server and the demo, in a folder that is thrown away.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const binary = fileURLToPath(new URL('../../bin/estateledger', import.meta.url));

export const password = 'demo-changguanjia';
export const people = { manager: 'jingli', accountant: 'kuaiji', cashier: 'shoufei', street: 'jiedao', committee: 'yeweihui', auditor: 'shenji', admin: 'admin' };
export const views = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
});

// startService starts it and waits until it is ready; the first start plays the demo.
export async function startService() {
  const folder = await mkdtemp(path.join(tmpdir(), 'estateledger-browser-'));
  const base = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, ESTATELEDGER_ADDR: new URL(base).host, ESTATELEDGER_DATA: path.join(folder, 'data') };
  delete env.DATABASE_URL;
  delete env.DATABASE_OWNER_URL;
  const child = spawn(binary, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said = (said + text).slice(-20000); });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null) { child.kill('SIGINT'); await ended; }
    await rm(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + 5 * 60_000; ;) {
    const ready = await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) return { base, stop, said: () => said };
    if (child.exitCode !== null || Date.now() > deadline) { await stop(); throw new Error(`the service did not start:\n${said}`); }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

// startBrowser starts the system's Chromium.
export function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

// openAs opens a page as somebody who has logged in through the form. Whatever the page's program
// complains of is kept in page.complaints.
export async function openAs(browser, base, who, view) {
  const context = await browser.newContext({ ...view, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', baseURL: base });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 4')) page.complaints.push(message.text());
  });
  await page.goto('/login');
  await page.getByLabel('用户名').fill(people[who]);
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/login'));
  return page;
}
