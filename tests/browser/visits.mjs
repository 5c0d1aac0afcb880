// Every page there is, as the person whose page it is, with real ids found by following links.

// link is the first address on a page that matches.
async function link(page, address, pattern) {
  await page.goto(address);
  const found = (await page.locator('main a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))).find((href) => pattern.test(href));
  if (!found) throw new Error(`no link ${pattern} on ${address}`);
  return found;
}

// visits lists {who, name, address} of every page; open(who) gives a page of somebody logged in.
export async function visits(open) {
  const accountant = await open('accountant');
  const estate = await link(accountant, '/estates', /^\/estates\/\d+$/);
  const unit = await link(accountant, '/arrears?estate=0', /^\/units\/\d+$/);
  const payment = await link(accountant, '/receipts?from=2000-01-01', /^\/payments\/\d+$/);
  const run = await link(accountant, '/bills', /^\/bills\/\d+$/);
  const entry = await link(accountant, '/journal', /^\/entries\/\d+$/);
  const account = await link(accountant, '/trial-balance', /^\/accounts\/\d+/);
  const act = await link(accountant, payment, /^\/acts\/\d+$/);
  const id = (address) => address.match(/\d+/)[0];
  const now = new Date();
  const next = new Date(now.getFullYear(), now.getMonth() + 2, 1);
  const month = `${next.getFullYear()}-${String(next.getMonth() + 1).padStart(2, '0')}`;
  const list = [
    ['manager', 'today', '/'], ['street', 'street', '/'], ['committee', 'committee', '/'], ['auditor', 'auditor', '/'], ['admin', 'admin', '/'],
    ['cashier', 'counter-search', '/counter'], ['cashier', 'counter', `/counter?unit=${id(unit)}&amount=100`],
    ['cashier', 'search', '/search?q=101'], ['accountant', 'payment', payment], ['accountant', 'receipts', '/receipts?from=2000-01-01'],
    ['accountant', 'arrears', `/arrears?estate=${id(estate)}`], ['accountant', 'runs', '/bills?estate=0'], ['accountant', 'run', run],
    ['accountant', 'run-preview', `/bills/preview?estate=${id(estate)}&month=${month}`],
    ['accountant', 'journal', '/journal'], ['accountant', 'entry', entry], ['accountant', 'act', act], ['accountant', 'trial-balance', '/trial-balance'],
    ['accountant', 'account', account], ['accountant', 'periods', '/periods'], ['accountant', 'voucher', '/vouchers/new'],
    ['manager', 'estates', '/estates'], ['manager', 'estate', estate], ['manager', 'estate-units', `${estate}/units`], ['manager', 'estate-fees', `${estate}/fees`],
    ['manager', 'estate-acts', `${estate}/acts`], ['manager', 'takeover', `${estate}/takeover`], ['manager', 'unit', unit], ['manager', 'unit-area', `${unit}?drawer=area`],
    ['manager', 'unit-owner', `${unit}?drawer=owner`], ['manager', 'unit-statement', `${unit}/statement`], ['manager', 'import', '/imports'],
    ['admin', 'users', '/users'], ['admin', 'jobs', '/jobs'],
  ];
  return list.map(([who, name, address]) => ({ who, name, address }));
}
