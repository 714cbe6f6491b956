// The page in a browser: opens from disk, filters, links, keys, both colour schemes; no console message, no request.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { chromium } = createRequire(import.meta.url)(process.env.PLAYWRIGHT);
const out = process.env.OUT;
const address = (folder, rest = '') => pathToFileURL(join(process.env.PAGES, folder, 'index.html')).href + rest;
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
let browser;

before(async () => { browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags }); });
after(async () => { await browser.close(); });

/// Opens a page, hands it to `act`, and insists that it said nothing and asked for nothing.
async function opened(url, options, act) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(120_000); // a busy machine is no fault of the page
  const complaints = [];
  page.on('console', message => complaints.push('console: ' + message.text()));
  page.on('pageerror', error => complaints.push('error: ' + error.message));
  page.on('request', request => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push('request: ' + request.url());
  });
  await page.goto(url);
  try { await act(page); } finally { await page.close(); }
  assert.deepEqual(complaints, []);
}

const visible = (page, selector) => page.locator(selector + ':visible').count();
const query = page => new URL(page.url()).searchParams;

test('opens from disk and says the verdict first', () => opened(address('faulty'), {}, async page => {
  assert.match(await page.locator('h1').innerText(), /\d+ unexpected failures/);
  assert.ok(await visible(page, '#statements tr[data-id]') > 50);
  assert.equal(await visible(page, '#cases'), 0); // another tab
}));

test('a verdict is told by letter and shape, an expected one is hatched', () => opened(address('faulty', '?tab=scenarios&show=bad'), {}, async page => {
  const fail = page.locator('#scenarios a.v.FAIL:visible').first();
  assert.equal(await fail.innerText(), 'F');
  const expected = page.locator('#scenarios a.v.FAIL.expected:visible').first();
  assert.match(await expected.evaluate(element => getComputedStyle(element).backgroundImage), /repeating-linear-gradient/);
}));

test('filters narrow the rows and stand in the address', async () => {
  let shared;
  await opened(address('faulty'), {}, async page => {
    const all = await visible(page, '#statements tr[data-id]');
    await page.selectOption('#show', 'bad');
    const bad = await visible(page, '#statements tr[data-id]');
    assert.ok(bad > 0 && bad < all);
    assert.equal(query(page).get('show'), 'bad');
    await page.selectOption('#version', 'v5');
    assert.ok(await visible(page, '#statements tr[data-id]') < bad);
    await page.fill('#q', '3.3.1-1');
    assert.equal(await visible(page, '#statements tr[data-id]'), 1);
    assert.match(await page.locator('#hits').innerText(), /^1 of \d+$/);
    shared = page.url();
  });
  await opened(shared, {}, async page => {
    assert.equal(await page.inputValue('#q'), '3.3.1-1');
    assert.equal(await visible(page, '#statements tr[data-id]'), 1);
  });
});

test('a cell leads to its case, and the link to a case opens it', async () => {
  let link;
  await opened(address('faulty', '?show=unexpected'), {}, async page => {
    await page.locator('#statements a.v.FAIL:visible').first().click();
    await page.locator('details.case[open]').waitFor();
    assert.equal(query(page).get('tab'), 'cases');
    link = page.url();
  });
  await opened(link, {}, async page => {
    const open = page.locator('details.case[open]');
    assert.equal(await open.count(), 1);
    assert.ok(await open.locator('svg.ladder').first().isVisible());
    assert.ok(await open.evaluate(element => element.getBoundingClientRect().top < innerHeight));
  });
});

test('a case has statement, difference, two ladders, script, trace and command', () => opened(address('faulty'), {}, async page => {
  await page.keyboard.press('j');
  const open = page.locator('details.case[open]');
  assert.match(await open.locator('blockquote').first().innerText(), /DUP 1/);
  assert.match(await open.locator('.diff ins').first().innerText(), /^true$|^DUP 1 on /);   // a packet's field, or a stream's copy
  assert.equal(await open.locator('svg.ladder').count(), 2);
  assert.ok(await open.locator('svg.ladder .bad').count() > 0);
  assert.equal(await open.locator('.source mark').count() > 0, true);
  assert.match(await open.locator('.ways code').innerText(), /^hiatus run /);
  const trace = await open.locator('a[download]').getAttribute('href');
  assert.ok(statSync(join(process.env.PAGES, 'faulty', trace)).size > 100);
}));

test('what is packed opens when it is asked for', () => opened(address('faulty', '?tab=cases'), {}, async page => {
  assert.equal(await page.locator('details.filled').count(), 0); // nothing is put in before
  const shell = page.locator('details.packed').last();
  await shell.evaluate(element => {
    for (let at = element; at; at = at.parentElement) if (at.matches('details.alike')) at.open = true;
  });
  const name = (await shell.locator('summary .id').innerText()).trim();
  await shell.locator('summary').click();
  const filled = page.locator('details.filled[open]');
  await filled.waitFor();
  assert.equal(await filled.locator('svg.ladder').count(), 2);
  assert.ok(await filled.locator('.source mark').count() > 0);
  assert.equal(await filled.locator('.body > :last-child').getAttribute('class'), 'ways');
  const [download] = await Promise.all([page.waitForEvent('download'), filled.locator('a[download]').click()]);
  const [result] = JSON.parse(readFileSync(await download.path())).result;
  assert.equal(result.variant, name);
  assert.ok(result.trace.event.length > 5);
}));

test('j and k walk the cases, / finds, Escape closes', () => opened(address('faulty'), {}, async page => {
  const shown = () => page.locator('details.case[open] > summary .id').innerText();
  await page.keyboard.press('j');
  const first = await shown();
  await page.keyboard.press('j');
  const second = await shown();
  assert.notEqual(first, second);
  await page.keyboard.press('k');
  assert.equal(await shown(), first);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('details.case[open]').count(), 0);
  await page.keyboard.press('/');
  await page.keyboard.type('jk');
  assert.equal(await page.inputValue('#q'), 'jk'); // typed, not walked
}));

test('reads without script', () => opened(address('faulty'), { javaScriptEnabled: false }, async page => {
  assert.ok(await visible(page, '#statements tr[data-id]') > 50);
  assert.ok(await visible(page, 'details.case') > 0);
  assert.equal(await visible(page, '#filters'), 0);
  await page.locator('details.case > summary').first().click();
  assert.ok(await page.locator('details.case[open] svg.ladder').first().isVisible());
}));

test('reports side by side: what differs is marked', () => opened(address('compared', '?show=changed'), {}, async page => {
  assert.equal(await page.locator('#statements thead th').count(), 3);
  const rows = await visible(page, '#statements tr[data-id]');
  assert.ok(rows > 0 && rows < 10);
  assert.equal(await visible(page, '#statements td.changed'), rows);
}));

test('kills and acquittals have a tab of their own', () => opened(address('compared', '?tab=kills&q=sp-always'), {}, async page => {
  assert.match(await page.locator('#kills').innerText(), /sp-always-zero server\s+✓ killed by/);
  assert.equal(await visible(page, '#kills tr[data-id]'), 1);
}));

test('nothing runs over the edge at 1280 and 400, light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 400]) {
      await opened(address('compared'), { colorScheme, viewport: { width, height: 900 } }, async page => {
        for (const tab of ['statements', 'scenarios', 'facts', 'ledger', 'kills', 'cases']) {
          await page.click(`#tabs a[data-tab=${tab}]`);
          await page.evaluate(() => scrollTo(0, 0)); // the click may have moved it
          if (tab === 'cases') await page.keyboard.press('j');
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), tab + ' at ' + width);
          await page.screenshot({ path: join(out, `${tab}-${colorScheme}-${width}.png`) });
        }
      });
    }
  }
});

test('prints what is there, opened', () => opened(address('faulty'), {}, async page => {
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.ok(await visible(page, '#cases svg.ladder') > 0);
  assert.equal(await visible(page, '#filters'), 0);
}));

/// Size is a promise; time is a figure to read, since it depends on the machine.
test('a page of two thousand variants is small', async () => {
  const figures = [];
  for (const folder of ['large', 'faulty']) {
    const files = readdirSync(join(process.env.PAGES, folder), { recursive: true }).map(name => join(process.env.PAGES, folder, name));
    const bytes = files.reduce((sum, name) => sum + (statSync(name).isFile() ? statSync(name).size : 0), 0);
    assert.ok(bytes < 5e6, folder + ': ' + bytes);
    await opened(address(folder), {}, async page => {
      const loaded = await page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd);
      figures.push(`${folder}: ${(bytes / 1e6).toFixed(2)} MB, loaded in ${loaded.toFixed(0)} ms`);
    });
  }
  writeFileSync(join(out, 'figures.txt'), figures.join('\n') + '\n');
  console.log(figures.join('; '));
});
