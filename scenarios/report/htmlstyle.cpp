#include "scenarios/report/htmlparts.h"

namespace hiatus::report::html {

std::string_view style()
{
    return R"css(
:root { color-scheme: light dark; --line: #8884; --fail: #c62828; --warn: #b26a00; --pass: #2e7d32; --skip: #607d8b; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 88rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); } h4 { margin: .8rem 0 .2rem; }
table { border-collapse: collapse; width: 100%; } td, th { border-top: 1px solid var(--line); padding: .25rem .5rem;
  text-align: left; vertical-align: top; font-weight: normal; } thead th { font-weight: bold; border: 0; }
.wide { overflow-x: auto; }
.v { border-radius: .25rem; padding: 0 .35rem; color: #fff; font: bold .85em/1.5 ui-monospace, monospace; white-space: nowrap;
  display: inline-block; }
.PASS { background: var(--pass); } .FAIL, .ERROR, .NONE { background: var(--fail); } .WARN, .INCONCLUSIVE { background: var(--warn); }
.SKIP { background: var(--skip); }
.v.expected { background-image: repeating-linear-gradient(45deg, #0000 0 4px, #fff5 4px 8px); }
a.v { text-decoration: none; } a.v:focus, a.v:hover { outline: 2px solid currentColor; }
.bar { display: flex; height: .8rem; border-radius: .25rem; overflow: hidden; margin: .5rem 0; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; font-size: .9em; }
.case { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .8rem; margin: .5rem 0; }
.case > summary { cursor: pointer; font-weight: bold; } .title { font-size: 1.05em; }
.finding { border-left: .25rem solid var(--fail); padding-left: .8rem; margin: .6rem 0; }
blockquote { margin: .3rem 0; font-style: italic; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .3rem 0; } dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: .9em; }
pre.ladder { overflow-x: auto; font: 12px/1.35 ui-monospace, monospace; border: 1px solid var(--line); padding: .6rem; }
mark { background: #c6282833; color: inherit; font-weight: bold; }
.differs th { font-weight: bold; } .banner { border: 2px solid var(--warn); padding: .4rem .8rem; }
#filter { display: none; margin: 1rem 0; gap: .6rem; flex-wrap: wrap; } .js #filter { display: flex; }
@media print { #filter { display: none !important; } .case { break-inside: avoid; } }
)css";
}

std::string_view script()
{
    // Filters only; the page reads the same without it. The filter stands in the address, so that it can be shared.
    return R"js(
document.documentElement.classList.add('js');
const text = document.getElementById('text'), bad = document.getElementById('bad');
function apply() {
  const words = text.value.toLowerCase();
  for (const row of document.querySelectorAll('[data-id]')) {
    const hit = row.dataset.id.toLowerCase().includes(words);
    row.hidden = !hit || (bad.checked && row.dataset.fine === '1');
  }
  const query = new URLSearchParams();
  if (text.value) query.set('q', text.value);
  if (bad.checked) query.set('bad', '1');
  history.replaceState(null, '', (query.toString() ? '?' + query : location.pathname) + location.hash);
}
const query = new URLSearchParams(location.search);
text.value = query.get('q') || ''; bad.checked = query.get('bad') === '1';
text.addEventListener('input', apply); bad.addEventListener('change', apply);
function show() { const target = document.getElementById(location.hash.slice(1)); if (target) target.open = true; }
addEventListener('hashchange', show); apply(); show();
)js";
}

} // namespace hiatus::report::html
