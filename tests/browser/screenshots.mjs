// Pictures of every page at both widths: node screenshots.mjs FOLDER
import path from 'node:path';
import { openAs, startBrowser, startService, views } from './service.mjs';
import { visits } from './visits.mjs';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node screenshots.mjs FOLDER');
  process.exit(2);
}
const service = await startService();
const browser = await startBrowser();
try {
  for (const [width, view] of Object.entries(views)) {
    const opened = {};
    const open = async (who) => { opened[who] ??= await openAs(browser, service.base, who, view); return opened[who]; };
    for (const { who, name, address } of await visits(open)) {
      const page = await open(who);
      await page.goto(address);
      await page.screenshot({ path: path.join(folder, `${name}-${width}.png`), fullPage: true });
    }
    await Promise.all(Object.values(opened).map((page) => page.context().close()));
  }
} finally {
  await browser.close();
  await service.stop();
}
console.log(`pictures are in ${folder}`);
