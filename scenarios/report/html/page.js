// The page reads the same without this. It adds tabs, filters that stand in the address, and keys that walk the cases.
(function () {
  'use strict';
  const byId = id => document.getElementById(id);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const tabs = all('.tab');
  const cases = all('.case');
  const entries = '[data-id], .brief';
  const fields = { q: byId('q'), show: byId('show'), version: byId('version') };
  const defaults = { tab: tabs[0].id, q: '', show: 'all', version: 'both' };
  const state = Object.assign({}, defaults);
  let current = null;

  function read() {
    const query = new URLSearchParams(location.search);
    for (const name of Object.keys(defaults)) state[name] = query.get(name) || defaults[name];
    if (!byId(state.tab)) state.tab = defaults.tab;
    for (const name of Object.keys(fields)) fields[name].value = state[name];
    for (const name of ['show', 'version']) {
      if (fields[name].selectedIndex < 0) fields[name].value = state[name] = defaults[name];
    }
  }

  function write() {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(state)) if (value !== defaults[name]) query.set(name, value);
    const text = query.toString();
    history.replaceState(null, '', location.pathname + (text ? '?' + text : '') + location.hash);
  }

  // Which version a row or a case is about; scenarios are about both.
  function isOfVersion(kinds, id) {
    if (state.version === 'both') return true;
    if (/\bv[35]\b/.test(kinds)) return kinds.includes(state.version);
    const axis = /[[,](v[35])[,\]]/.exec(id);
    return !axis || axis[1] === state.version;
  }

  // What a row is found by: its name, the words in its head, and the section it stands in.
  const found = new Map();
  function wordsOf(element) {
    if (!found.has(element)) {
      const section = element.closest('tbody'), title = section && section.querySelector('.section th'), words = element.querySelector('.words');
      found.set(element, [element.dataset.id || element.id.slice('case-'.length), words && words.textContent, title && title.textContent].join(' ').toLowerCase());
    }
    return found.get(element);
  }

  const bad = /\b(FAIL|WARN|INCONCLUSIVE|ERROR)\b/;
  function isShown(element) {
    const kinds = (element.closest('[data-k]') || element).dataset.k || '';
    const id = element.dataset.id || element.id.slice('case-'.length);
    const words = state.q.toLowerCase().split(/\s+/);
    if (state.q && !words.every(word => wordsOf(element).includes(word))) return false;
    if (!isOfVersion(kinds, id)) return false;
    const isVerdict = !element.closest('.facts, .ledger');
    if (state.show === 'bad') return !isVerdict || bad.test(kinds);
    if (state.show === 'unexpected') return !isVerdict || kinds.includes('unexpected');
    if (state.show === 'changed') return kinds.includes('changed') || element.matches('.case, .brief');
    return true;
  }

  function apply() {
    for (const element of all(entries)) element.hidden = !isShown(element);
    for (const fold of all('.alike')) {
      fold.hidden = all('.brief', fold).every(brief => brief.hidden);
      if (state.q && !fold.hidden) fold.open = true;
    }
    for (const body of all('.tab tbody')) {
      const rows = all('tr[data-id]', body);
      body.hidden = rows.length > 0 && rows.every(row => row.hidden);
    }
    for (const tab of tabs) tab.classList.toggle('on', tab.id === state.tab);
    for (const link of all('#tabs a')) {
      if (link.dataset.tab === state.tab) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    const rows = all(entries, byId(state.tab));
    const hits = rows.filter(row => !row.hidden).length;
    byId('hits').textContent = hits === rows.length ? '' : hits + ' of ' + rows.length;
    write();
  }

  // What is beyond the first cases of a kind is packed, many in one: deflated, and opened when there is nothing else to do, so
  // that it is there when it is printed too.
  const packs = all('script.pack').map((element, number) => ({ element, texts: null, cases: all(`[data-in^="${number} "]`).length }));
  function unpacked(pack) {
    if (!pack.promise) {
      const bytes = Uint8Array.from(atob(pack.element.textContent), letter => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
      pack.promise = new Response(stream).json().then(texts => { pack.texts = texts; pack.element.remove(); });
    }
    return pack.promise;
  }
  // Events were packed column by column.
  function traceOf([head, columns, packet, bytes, text]) {
    if (!head) return '';
    const report = JSON.parse(head), all = { ...JSON.parse(columns), packet: JSON.parse(packet), bytes: JSON.parse(bytes), text: JSON.parse(text) };
    const says = ([, column], row) => column[row] !== null && column[row] !== undefined;
    report.result[0].trace.event = all.kind.map((kind, row) => Object.fromEntries(
      Object.entries(all).filter(column => says(column, row)).map(([name, column]) => [name, column[row]])));
    return JSON.stringify(report);
  }
  function fill(element) {
    const [number, at] = element.dataset.in.split(' ').map(Number);
    if (!element.classList.replace('packed', 'filled')) return;
    const { texts, cases } = packs[number], body = element.querySelector('.body');
    const parts = texts.filter((text, index) => index % cases === at), trace = traceOf(parts.splice(-5));
    let y = 0; // rows of ladders are told from the one before
    parts[1] = parts[1].replace(/ y="(-?\d+)"/g, (whole, step) => ` y="${y += Number(step)}"`);
    body.insertAdjacentHTML('afterbegin', parts.join(''));
    if (!trace) return;
    const link = document.createElement('a');
    link.textContent = 'download the trace';
    link.download = 'trace.json';
    link.href = URL.createObjectURL(new Blob([trace], { type: 'application/json' }));
    body.querySelector('.ways').append(' ', link);
  }
  const idle = window.requestIdleCallback || (work => setTimeout(work, 50));
  function unpackNext() {
    const pack = packs.find(each => !each.promise);
    if (pack) unpacked(pack).then(() => idle(unpackNext), () => {}); // an old browser cannot: the verdict and the command are there
  }
  addEventListener('toggle', event => {
    const element = event.target;
    if (element.open && element.matches('.packed')) unpacked(packs[parseInt(element.dataset.in, 10)]).then(() => fill(element), () => {});
  }, true);

  function open(element) {
    if (current && current !== element) current.open = false;
    current = element;
    element.open = true;
    history.replaceState(null, '', location.pathname + location.search + '#' + element.querySelector('.body').id);
    element.scrollIntoView({ block: 'start' });
    element.querySelector('summary').focus({ preventScroll: true });
  }

  function follow() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch (error) { /* it stands as it is */ }
    const target = id && byId(id);
    if (!target) return;
    const tab = target.closest('.tab');
    if (!tab) return;
    state.tab = tab.id;
    for (const element of [target, target.closest('.case')]) {
      if (element && element.hidden) Object.assign(state, { q: '', show: 'all', version: 'both' });
    }
    for (const name of Object.keys(fields)) fields[name].value = state[name];
    apply();
    const element = target.closest('.case'), fold = target.closest('.alike');
    if (fold) fold.open = true;
    if (element) open(element);
    else target.scrollIntoView();
  }

  function walk(step) {
    if (!byId('cases')) return;
    if (state.tab !== 'cases') { state.tab = 'cases'; apply(); }
    const shown = cases.filter(element => !element.hidden);
    if (!shown.length) return;
    const at = shown.indexOf(current);
    open(shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, at + step))]);
  }

  for (const link of all('#tabs a')) {
    link.addEventListener('click', event => {
      event.preventDefault();
      state.tab = link.dataset.tab;
      history.replaceState(null, '', location.pathname + location.search);
      apply();
    });
  }
  for (const [name, field] of Object.entries(fields)) {
    field.addEventListener('input', () => { state[name] = field.value; apply(); });
  }
  // The heads of the tables stand below the filters, which take two lines where there is little room.
  new ResizeObserver(() => document.documentElement.style.setProperty('--bar', byId('filters').offsetHeight + 'px')).observe(byId('filters'));
  byId('filters').addEventListener('submit', event => event.preventDefault());
  addEventListener('hashchange', follow);
  addEventListener('keydown', event => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (isTyping) event.target.blur();
      else if (current) current.open = false;
    } else if (isTyping) return;
    else if (event.key === 'j') walk(1);
    else if (event.key === 'k') walk(-1);
    else if (event.key === '/') { event.preventDefault(); fields.q.focus(); }
  });
  addEventListener('click', event => {
    const code = event.target.closest && event.target.closest('.copy');
    if (!code || !navigator.clipboard || String(getSelection())) return;
    navigator.clipboard.writeText(code.textContent).then(() => {
      code.classList.add('copied');
      setTimeout(() => code.classList.remove('copied'), 1200);
    }, () => {});
  });
  let closed = [];
  addEventListener('beforeprint', () => {
    for (const element of all('.packed')) if (packs[parseInt(element.dataset.in, 10)].texts) fill(element);
    closed = cases.concat(all('.alike')).filter(element => !element.open);
    for (const element of closed) element.open = true;
  });
  addEventListener('afterprint', () => { for (const element of closed) element.open = false; });

  read();
  apply();
  follow();
  idle(unpackNext);
})();
