// Looks at HTML reports in headless Chromium:
//   node report.mjs BROWSER DIR [SCREENSHOTS]
// DIR holds the reports of bad_test.go and browser_test.go. Prints a line for each
// thing it finds right or wrong; the exit status is 1 if anything is wrong.
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [browserPath, dir, shots] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: browserPath,
  headless: true, // with a new, empty user data directory, as launch does
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});

let wrong = 0;
async function check(name, look) {
  try {
    await look();
    console.log(`right: ${name}`);
  } catch (error) {
    wrong++;
    console.log(`WRONG: ${name}: ${error.message}`);
  }
}

// A new window costs more than the report in it, so that one shows them all.
const context = await browser.newContext({ reducedMotion: 'reduce' });
const window = await newPage(context);

async function newPage(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('request', request => {
    if (request.url() !== page.report && !request.url().startsWith('data:')) page.bad.push(`request of ${request.url()}`);
  });
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) page.bad.push(`console: ${message.text()}`);
  });
  page.on('pageerror', error => page.bad.push(`error: ${error.message}`));
  page.on('dialog', dialog => { page.bad.push('a dialog'); dialog.dismiss(); });
  return page;
}

const desktop = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };

// open shows a report, and notes from then on what a report must not do.
async function open(name, { viewport = desktop, colorScheme = 'light', page = window } = {}) {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ media: 'screen', colorScheme });
  page.report = pathToFileURL(path.join(dir, `${name}.html`)).href;
  page.bad = [];
  await page.goto(page.report);
  return page;
}

const shot = async (page, name) => shots && page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
const visibleRows = page => page.locator('#results tr[id]:visible');
const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const background = (page, selector) => page.locator(selector).evaluate(element => getComputedStyle(element).backgroundColor);
const lightness = rgb => rgb.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
const quiet = page => assert.deepEqual(page.bad, []);

const red = await open('red');
const search = red.getByRole('searchbox');

await check('the keyboard can skip to the results', async () => {
  await red.keyboard.press('Tab');
  assert.equal(await red.evaluate(() => document.activeElement.className), 'skip');
  await red.keyboard.press('Enter');
  assert.equal(await red.evaluate(() => document.activeElement.id), 'main');
});

await check('title and verdict', async () => {
  assert.match(await red.title(), /^Not conformant: http:/);
  assert.equal(await red.locator('h1').textContent(), 'Not conformant');
  assert.match(await red.locator('#reason').textContent(), /requirements? failed/);
  await shot(red, 'desktop');
});

await check('landmarks, headings and names', async () => {
  for (const landmark of ['banner', 'navigation', 'main', 'contentinfo', 'search']) {
    assert.equal(await red.getByRole(landmark).count(), 1, landmark);
  }
  const headings = await red.locator('h1, h2, h3, h4').evaluateAll(all => all.map(heading => Number(heading.tagName[1])));
  assert.equal(headings[0], 1);
  headings.reduce((before, level) => { assert.ok(level <= before + 1, `h${level} after h${before}`); return level; });
  assert.equal(await red.locator('th:not([scope])').count(), 0, 'every th has a scope');
  const ids = await red.locator('[id]').evaluateAll(all => all.map(element => element.id));
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  const broken = await red.locator('a[href^="#"], use').evaluateAll(all => all
    .map(element => element.getAttribute('href').slice(1)).filter(id => !document.getElementById(id)));
  assert.deepEqual(broken, [], 'every link leads somewhere');
});

await check('what a server sends is shown and not obeyed', async () => {
  const card = red.locator('article', { hasText: 'success.hostile' });
  const text = await card.textContent();
  assert.ok(text.includes("<script>document.title='owned'</script>"));
  assert.ok(text.includes('\\u202e\\u0000\\u001b[31m'));
});

await check('expected and got stand apart', async () => {
  assert.ok(await red.locator('#failures ~ article dl.finding').count() > 0);
});

const rows = await visibleRows(red).count();
await check('filters hide rows', async () => {
  assert.match(await red.locator('#shown').textContent(), new RegExp(`All ${rows} requirements`));
  await red.getByRole('checkbox', { name: 'passed' }).uncheck();
  const left = await visibleRows(red).count();
  assert.ok(left > 0 && left < rows, `${left} of ${rows} rows`);
  assert.equal(await red.locator('#results tr[data-status=passed]:visible').count(), 0);
  await red.getByRole('checkbox', { name: 'MUST' }).uncheck();
  assert.equal(await red.locator('#results tr[data-level=MUST]:visible').count(), 0);
  assert.match(await red.locator('#shown').textContent(), new RegExp(`of ${rows} requirements`));
  await red.getByRole('button', { name: 'Show all' }).click();
  await red.waitForFunction(n => document.querySelectorAll('#results tr[id]:not([hidden])').length === n, rows);
  await search.fill('MERGE.first');
  const ids = await visibleRows(red).evaluateAll(all => all.map(row => row.id));
  assert.deepEqual(ids, ['r-merge.firstName']);
  await shot(red, 'filtered');
});

await check('a link to a hidden row shows it', async () => {
  await red.locator('article a.id').first().click();
  assert.equal(await visibleRows(red).count(), rows);
});

await check('the copy button copies the curl line', async () => {
  const box = red.locator('article > .curl', { hasText: /^See it again.*\$ACCESS_TOKEN/ }).first();
  const line = await box.locator('pre').textContent();
  assert.match(line, /^curl .*\$ACCESS_TOKEN/);
  await box.locator('button').click();
  await box.getByText('Copied', { exact: true }).waitFor();
  await search.fill('');
  await search.press('Control+V');
  assert.equal(await search.inputValue(), line);
  await search.fill('');
});

await check('in print everything is there, on white', async () => {
  await red.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(lightness(await background(red, 'body')), 255);
  assert.equal(await red.getByRole('search').isVisible(), false);
  assert.equal(await visibleRows(red).count(), rows);
  await red.setViewportSize({ width: 720, height: 1000 });
  assert.ok(await overflow(red) <= 0);
  await shot(red, 'print');
  if (shots) await red.pdf({ path: path.join(shots, 'print.pdf'), format: 'A4' });
});
await check('nothing leaves the page, and no error', () => quiet(red));

for (const colorScheme of ['light', 'dark']) {
  const page = await open('red', { viewport: phone, colorScheme });
  await check(`a phone, ${colorScheme}: no horizontal scroll`, async () => {
    assert.ok(await overflow(page) <= 0, `${await overflow(page)} px too wide`);
    await page.locator('summary').evaluateAll(all => all.forEach(summary => { summary.parentElement.open = true; }));
    assert.ok(await overflow(page) <= 0, `${await overflow(page)} px too wide with all open`);
    await page.locator('summary').evaluateAll(all => all.forEach(summary => { summary.parentElement.open = false; }));
    await shot(page, `phone-${colorScheme}`);
  });
  await page.setViewportSize(desktop);
  await check(`${colorScheme} is ${colorScheme}, and can be read`, async () => {
    const light = lightness(await background(page, 'body'));
    assert.ok(colorScheme === 'dark' ? light < 40 : light > 215, `lightness ${light}`);
    assert.deepEqual(await page.evaluate(lowContrast), []);
    await shot(page, colorScheme);
  });
  await check(`${colorScheme}: quiet`, () => quiet(page));
}

await check('without script everything is shown', async () => {
  const scriptless = await browser.newContext({ javaScriptEnabled: false });
  const plain = await open('red', { page: await newPage(scriptless) });
  assert.equal(await visibleRows(plain).count(), rows);
  assert.equal(await plain.locator('form').isVisible(), false);
  assert.equal(await plain.getByRole('button').count(), 0);
  await scriptless.close();
});

let knownHeader;
await check('known failures make no plain verdict', async () => {
  const page = await open('known');
  assert.equal(await page.locator('h1').textContent(), 'Conformant except for 1 known failure');
  knownHeader = await background(page, 'header');
  assert.deepEqual(await page.evaluate(lowContrast), []);
  await shot(page, 'known');
  quiet(page);
});

async function phoneInTheDark(page, name) {
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.ok(await overflow(page) <= 0, `${await overflow(page)} px too wide`);
  assert.deepEqual(await page.evaluate(lowContrast), []);
  await shot(page, `${name}-phone`);
}

await check('a gross fault: one reason comes first, and hides nothing', async () => {
  const page = await open('gross');
  assert.match(await page.locator('#reason').textContent(), /41 requirements failed, 40 of them for one reason; besides: success.type/);
  const cause = page.locator('article').first();
  assert.match(await cause.textContent(), /first-name.*40 requirements fail/s);
  assert.equal(await cause.locator('.ids a').count(), 40);
  assert.equal(await page.locator('article').count(), 2, 'the cause, and what it does not explain');
  assert.equal(await page.locator('#results tr[data-status=failed]').count(), 41);
  assert.match(await cause.locator('.curl pre').first().textContent(), /at fault/);
  assert.match(await page.locator('section', { has: page.locator('#not-run') }).textContent(), /because of success.complete/);
  await shot(page, 'gross');
  await phoneInTheDark(page, 'gross');
  quiet(page);
});

await check('a poisoned record: what is left behind is said', async () => {
  const page = await open('poisoned');
  assert.match(await page.locator('.alert').first().textContent(), /Not restored:.*\/address\/street/);
  assert.match(await page.locator('.alert').nth(1).textContent(), /Left behind:.*\/userconformUnknown/);
  assert.match(await page.locator('.alert').last().textContent(), /Note:.*FORBIDDEN_TOKEN/);
  const card = page.locator('article', { hasText: 'errors.utf-8' });
  assert.match(await card.locator('details.last').textContent(), /\[ACCESS_TOKEN\]/);
  assert.equal(await card.getByText('1 exchange beside it').count(), 1);
  await shot(page, 'poisoned');
  await phoneInTheDark(page, 'poisoned');
  quiet(page);
});

await check('a dead server: no verdict, and why', async () => {
  const page = await open('dead');
  assert.equal(await page.locator('h1').textContent(), 'Inconclusive');
  assert.match(await page.locator('#reason').textContent(), /connection refused.*json\.depth/);
  assert.match(await page.locator('.alert').textContent(), /Not restored:.*lastName/);
  await shot(page, 'dead');
  await phoneInTheDark(page, 'dead');
  quiet(page);
});

for (const [name, verdict] of [['green', 'Conformant'], ['inconclusive', 'Inconclusive']]) {
  await check(`a report that is ${name}`, async () => {
    const page = await open(name);
    assert.equal(await page.locator('h1').textContent(), verdict);
    assert.notEqual(await background(page, 'header'), knownHeader);
    assert.deepEqual(await page.locator('article').allTextContents(), []);
    assert.equal(await page.getByText('Not restored:').count(), name === 'green' ? 0 : 1);
    await shot(page, name);
    quiet(page);
  });
}

await browser.close();
process.exit(wrong ? 1 : 0);

// lowContrast runs in the page. It returns the texts whose contrast with what is
// behind them is less than WCAG 2.2 AA asks for.
function lowContrast() {
  const parse = color => color.match(/[\d.]+/g).map(Number);
  const luminance = color => {
    const [r, g, b] = parse(color).map(part => part / 255).map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if ((parse(color)[3] ?? 1) === 1) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const low = new Set();
  for (const element of document.body.querySelectorAll('*')) {
    if (!element.checkVisibility() || element.closest('svg, script')) continue;
    if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.add(`${element.tagName} ${element.className} ${ratio.toFixed(2)}`);
  }
  return [...low];
}
