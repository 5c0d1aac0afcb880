// Not part of `make test` yet: no complete run has been seen. By hand, after `make build`:
//   node --test tests/browser/journeys.mjs
// One service and one browser for all journeys: playing the demo takes longer than they do.
import { after, before } from 'node:test';
import { billTests } from './bills.mjs';
import { bookTests } from './books.mjs';
import { counterTests, debtors } from './counter.mjs';
import { lookTests } from './looks.mjs';
import { startBrowser, startService } from './service.mjs';

const given = {};

before(async () => {
  given.service = await startService();
  given.browser = await startBrowser();
  given.rooms = await debtors(given.service, given.browser);
}, { timeout: 10 * 60_000 });

after(async () => {
  await given.browser?.close();
  await given.service?.stop();
});

lookTests(given);
counterTests(given);
billTests(given);
bookTests(given);
