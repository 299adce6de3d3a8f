// The script of the review site: languages, the overview's table and search, values and their boxes.
// Text of documents gets on a page by textContent alone.
'use strict';

const byId = (id) => document.getElementById(id);

// ---- languages ----

function storedLanguage() {
  // A page that was opened from a folder may have no storage.
  try { return localStorage.getItem('keikaku-language'); } catch { return null; }
}

function setLanguage(language) {
  document.documentElement.dataset.language = language;
  document.documentElement.lang = language;
  for (const button of document.querySelectorAll('[data-language]')) {
    if (button !== document.documentElement) button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
  for (const element of document.querySelectorAll('[data-ja]')) {
    const text = element.dataset[language];
    if (element.tagName === 'INPUT') element.placeholder = text; else element.textContent = text;
  }
}

function initLanguages() {
  const preferred = (navigator.language || 'ja').startsWith('ja') ? 'ja' : 'en';
  setLanguage(storedLanguage() === 'en' || storedLanguage() === 'ja' ? storedLanguage() : preferred);
  for (const button of document.querySelectorAll('button[data-language]')) {
    button.addEventListener('click', () => {
      setLanguage(button.dataset.language);
      try { localStorage.setItem('keikaku-language', button.dataset.language); } catch { /* see storedLanguage */ }
    });
  }
}

// ---- the overview ----

const CHUNK = 200; // rows put into the table at a time
const MOST_HITS = 100;
const KINDS = [['施策', 'Measure'], ['担当', 'Owner'], ['指標', 'KPI']];
const STATUSES = { draft: '素案', proposal: '案', final: '確定', unknown: '不明' };
const FATES = { new: '新規', revised: '改訂', renamed: '改名', unchanged: '変更なし' };
const STATES = { gone: '原本なし（記録のみ）', partial: '一部のみ読取', failed: '読取失敗', 'no-plan': '施策なし' };

const overview = { rows: [], shards: 0, loaded: 0, entries: [], shown: [], sort: null, descending: false };

// What the data files call.
window.keikaku = {
  plans(rows, shards) { overview.rows = rows; overview.shards = shards; },
  entries([plan, entries]) {
    for (const [kind, text, page, value] of entries) overview.entries.push({ plan, kind, text, page, value, key: folded(text) });
  },
};

// Letters without case and width, so that they are found however they are typed.
function folded(text) { return text.normalize('NFKC').toLowerCase(); }

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function both(ja, en) {
  return [element('span', { lang: 'ja', textContent: ja }), element('span', { lang: 'en', textContent: en })];
}

function planLink(row, text) {
  const shown = element('bdi', { textContent: text });
  return row.folder ? element('a', { href: `plans/${row.folder}/1.html` }, shown) : shown;
}

function planRow(row) {
  const cell = (...children) => element('td', {}, ...children);
  const figure = (number) => element('td', { className: 'figure', textContent: number ? number.toLocaleString('en') : '' });
  const title = cell(planLink(row, row.title || row.path), element('br'), element('small', {}, element('bdi', { textContent: row.path })));
  if (STATES[row.state]) title.append(' ', element('span', { className: `state ${row.state}` }, ...both(STATES[row.state], row.state)));
  const warnings = cell();
  warnings.className = 'figure';
  if (row.errors) warnings.append(`✖${row.errors} `);
  if (row.warnings) warnings.append(`⚠${row.warnings}`);
  const changes = cell();
  if (FATES[row.fate]) changes.append(...both(FATES[row.fate], row.fate));
  if (row.changes) changes.append(` (${row.changes})`);
  return element('tr', {}, title, cell(element('bdi', { textContent: row.publisher })),
    cell(...both(STATUSES[row.status] || '', row.status)), cell(row.start && `${row.start} – ${row.end}`),
    figure(row.measures), figure(row.kpis), warnings, changes);
}

function showRows(from) {
  const body = byId('plans').tBodies[0];
  if (from === 0) body.replaceChildren();
  body.append(...overview.shown.slice(from, from + CHUNK).map(planRow));
  byId('more').hidden = body.rows.length >= overview.shown.length;
}

function filterRows() {
  const query = folded(byId('query').value.trim());
  const status = byId('status').value;
  const onlyWarnings = byId('only-warnings').checked;
  const onlyChanged = byId('only-changed').checked;
  overview.shown = overview.rows.filter((row) =>
    (!status || row.status === status)
    && (!onlyWarnings || row.warnings + row.errors > 0)
    && (!onlyChanged || row.fate)
    && (!query || folded(`${row.title}\n${row.publisher}\n${row.path}`).includes(query)));
  const field = overview.sort;
  if (field) {
    const sign = overview.descending ? -1 : 1;
    const compare = (a, b) => (typeof a === 'number' ? a - b : a < b ? -1 : a > b ? 1 : 0);
    overview.shown.sort((a, b) => sign * compare(a[field], b[field]));
  }
  showRows(0);
  search(query);
}

// Loads the search data one file after the other, then goes on.
function loadEntries(done) {
  if (overview.loaded === overview.shards) { done(); return; }
  if (overview.loading) return;
  overview.loading = true;
  const script = element('script', { src: `data/search-${overview.loaded}.js` });
  script.addEventListener('load', () => { overview.loading = false; overview.loaded += 1; loadEntries(done); });
  document.head.append(script);
}

function search(query) {
  const section = byId('hits');
  section.hidden = query === '';
  if (query === '') return;
  if (overview.loaded < overview.shards) { loadEntries(filterRows); return; }
  const hits = overview.entries.filter((entry) => entry.key.includes(query));
  byId('hit-count').textContent = hits.length > MOST_HITS ? `${MOST_HITS} / ${hits.length}` : String(hits.length);
  section.querySelector('ol').replaceChildren(...hits.slice(0, MOST_HITS).map((hit) => {
    const row = overview.rows[hit.plan];
    const link = element('a', { href: `plans/${row.folder}/${hit.page}.html#v${hit.value}` }, element('bdi', { textContent: hit.text }));
    return element('li', {}, element('span', { className: 'chip' }, ...both(...KINDS[hit.kind])), ' ', link, ' ',
      element('small', {}, element('bdi', { textContent: row.title }), ' ', element('bdi', { textContent: row.path })));
  }));
}

function initOverview() {
  document.querySelector('form.filters').addEventListener('submit', (event) => event.preventDefault());
  let waiting = 0;
  byId('query').addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(filterRows, 120); });
  for (const id of ['status', 'only-warnings', 'only-changed']) byId(id).addEventListener('change', filterRows);
  for (const button of document.querySelectorAll('[data-sort]')) {
    button.addEventListener('click', () => {
      const field = button.dataset.sort;
      // Figures are of interest from the largest down.
      const first = ['measures', 'kpis', 'warnings', 'changes'].includes(field);
      overview.descending = overview.sort === field ? !overview.descending : first;
      overview.sort = field;
      for (const head of document.querySelectorAll('#plans th')) head.removeAttribute('aria-sort');
      button.parentElement.setAttribute('aria-sort', overview.descending ? 'descending' : 'ascending');
      filterRows();
    });
  }
  byId('more').querySelector('button').addEventListener('click', () => showRows(byId('plans').tBodies[0].rows.length));
  filterRows();
}

// ---- a plan: values and their boxes ----

const chosen = { value: null };

function boxesOf(number) { return document.querySelectorAll(`.source [data-v~="${number}"]`); }

// Chooses a value: marks it and its box, and brings into sight what the reader did not click.
function choose(value, { showValue = false } = {}) {
  for (const old of document.querySelectorAll('.chosen-value, .chosen-box')) old.classList.remove('chosen-value', 'chosen-box');
  if (typeof CSS !== 'undefined' && CSS.highlights) CSS.highlights.clear();
  chosen.value = value;
  byId('chosen').hidden = !value;
  if (!value) return;
  value.classList.add('chosen-value');
  const boxes = boxesOf(value.id.slice(1));
  for (const box of boxes) box.classList.add('chosen-box');
  if (showValue) {
    for (let around = value.parentElement; around; around = around.parentElement) if (around.tagName === 'DETAILS') around.open = true;
    value.scrollIntoView({ block: 'center' });
    value.focus({ preventScroll: true });
  }
  if (boxes.length > 0) {
    scrollSource(boxes[0]);
    underline(boxes, value.textContent);
  }
  showChosen(value);
}

// Scrolls the source, and only it, where it has a pane of its own.
function scrollSource(box) {
  const pane = document.querySelector('.source');
  if (pane.scrollHeight <= pane.clientHeight) { box.scrollIntoView({ block: 'nearest', inline: 'nearest' }); return; }
  const inner = box.closest('.scroll');
  const place = box.getBoundingClientRect();
  const around = pane.getBoundingClientRect();
  if (place.top < around.top || place.bottom > around.bottom) {
    pane.scrollTop += place.top - around.top - Math.max(20, (around.height - place.height) / 3);
  }
  if (inner) {
    const frame = inner.getBoundingClientRect();
    if (place.left < frame.left || place.right > frame.right) inner.scrollLeft += place.left - frame.left - 40;
  }
}

// Marks the very text of a value in the lines or cells that hold it, where the browser can; not where it stands there
// twice, and nobody knows which is meant.
function underline(boxes, text) {
  if (typeof Highlight === 'undefined' || text.length < 1) return;
  const ranges = [];
  for (const box of boxes) {
    const node = box.querySelector && box.querySelector('bdi') && box.querySelector('bdi').firstChild;
    const at = node ? node.data.indexOf(text) : -1;
    if (at < 0 || node.data.indexOf(text, at + 1) >= 0) continue;
    const range = new Range();
    range.setStart(node, at);
    range.setEnd(node, at + text.length);
    ranges.push(range);
  }
  CSS.highlights.set('value', new Highlight(...ranges));
}

function quoted(text) {
  // Single quotes for a POSIX shell; a Windows console takes double quotes.
  if (/^[\w./:@%+=,-]+$/u.test(text) && /^[\x00-\x7f]*$/.test(text)) return text;
  if (/Win/.test(navigator.platform)) return `"${text.replaceAll('"', '\\"')}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function showChosen(value) {
  byId('chosen-text').textContent = value.textContent.length > 60 ? `${value.textContent.slice(0, 60)}…` : value.textContent;
  byId('chosen-pointer').textContent = value.dataset.p;
  byId('chosen-place').textContent = value.dataset.at ? `‹${value.dataset.at}›` : '';
  byId('chosen-value').value = value.textContent;
  // A diagnostic is nothing that a person corrects: the value is.
  byId('chosen-correction').hidden = value.dataset.p.startsWith('/diagnostics/');
  showCommand();
}

function showCommand() {
  const { record, document: path } = document.body.dataset;
  const parts = [record, chosen.value.dataset.p, byId('chosen-value').value];
  if (path !== undefined) parts.push('--document', path);
  byId('chosen-command').textContent = `keikaku correct ${parts.map(quoted).join(' ')}`;
}

async function copyCommand() {
  const command = byId('chosen-command');
  const range = document.createRange();
  range.selectNodeContents(command);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  // The clipboard may be closed to a page from a folder; then the selected text is left to the reader's own keys.
  try { await navigator.clipboard.writeText(command.textContent); } catch { return; }
  byId('chosen-copy').classList.add('done');
  setTimeout(() => byId('chosen-copy').classList.remove('done'), 1500);
}

// The value that a click on a box means: the next of those that stand there.
function valueOf(box) {
  const values = box.dataset.v.split(' ').map((number) => byId(`v${number}`)).filter(Boolean);
  const next = values.indexOf(chosen.value) + 1;
  return values[next < values.length ? next : 0];
}

function activate(target) {
  const value = target.closest('.val');
  if (value) { choose(value); return true; }
  const box = target.closest('.source [data-v]');
  if (box) { choose(valueOf(box), { showValue: true }); return true; }
  const row = target.closest('td[data-go]');
  if (row) { choose(byId(`v${row.dataset.go}`)); return true; }
  return false;
}

function initPlan() {
  document.addEventListener('click', (event) => { if (getSelection().isCollapsed) activate(event.target); });
  document.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' || event.key === ' ') && event.target.matches('[role="button"]') && activate(event.target)) event.preventDefault();
    if (event.key === 'Escape') choose(null);
  });
  byId('chosen-value').addEventListener('input', showCommand);
  byId('chosen-copy').addEventListener('click', copyCommand);
  byId('chosen-close').addEventListener('click', () => choose(null));
  const chooseHash = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches('.val')) choose(target, { showValue: true });
    if (target && target.matches('.card[data-go]')) choose(byId(`v${target.dataset.go}`));
  };
  addEventListener('hashchange', chooseHash);
  chooseHash();
}

document.addEventListener('DOMContentLoaded', () => {
  initLanguages();
  if (document.body.classList.contains('overview')) initOverview(); else initPlan();
});
