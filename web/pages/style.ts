// The one stylesheet. System fonts, two colour schemes, from 320 px up; every pair of text and ground has a contrast
// of at least 4.5:1. Colours are those of the mails (templates/partials/head.mjml), so that a click feels like home.

export const style = `
:root {
  color-scheme: light dark;
  --ground: #edf1f0; --panel: #ffffff; --sunken: #f4f7f6; --line: #d3dcda;
  --text: #33413f; --strong: #10211f; --quiet: #4f5c59;
  --accent: #0f5f56; --on-accent: #ffffff; --tint: #e0eeeb;
  --good: #1c6b35; --warn: #865300; --bad: #a5271d;
  --radius: 12px;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1413; --panel: #17211f; --sunken: #111a18; --line: #2c3b38;
    --text: #d5dedc; --strong: #f3f7f6; --quiet: #a9b6b3;
    --accent: #7fd6c6; --on-accent: #0a2420; --tint: #20302d;
    --good: #86d69a; --warn: #edbb6c; --bad: #ff9f94;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3 { color: var(--strong); line-height: 1.25; text-wrap: balance; margin: 0; }
h1 { font-size: 1.75rem; letter-spacing: -.01em; }
h2 { font-size: 1.1rem; }
h3 { font-size: 1rem; }
p { margin: 0 0 1em; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: var(--mono); font-size: .875em; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--panel); padding: .5rem 1rem; z-index: 1; }
.quiet { color: var(--quiet); }
.small { font-size: .875rem; }
.num { font-variant-numeric: tabular-nums; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.bar { background: var(--panel); border-bottom: 1px solid var(--line); }
.bar-in, .page { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
.bar-in { display: flex; align-items: center; gap: 4px 28px; flex-wrap: wrap; min-height: 60px; }
.brand { display: inline-flex; align-items: center; gap: 10px; font-weight: 700; color: var(--strong); text-decoration: none; min-height: 44px; }
.brand svg { color: var(--accent); }
.nav { display: flex; gap: 4px; }
.nav a { padding: 10px 12px; color: var(--quiet); text-decoration: none; border-radius: 8px; }
.nav a:hover { background: var(--tint); color: var(--strong); }
.nav a[aria-current] { color: var(--strong); font-weight: 600; box-shadow: inset 0 -2px 0 var(--accent); border-radius: 8px 8px 0 0; }
.page { padding-top: 36px; padding-bottom: 64px; }
.lead { color: var(--quiet); margin: .35rem 0 1.75rem; max-width: 65ch; }

.panel { background: var(--panel); border: 1px solid var(--line); border-radius: var(--radius); padding: 22px 24px; margin: 0 0 20px; min-width: 0; }
.panel > h2 { margin: 0 0 14px; }
.panel > p:last-child { margin-bottom: 0; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 0 20px; align-items: start; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; padding: 0; overflow: hidden; background: var(--line); }
.figures > div { background: var(--panel); padding: 18px 24px; }
.figures dt { color: var(--quiet); font-size: .875rem; }
.figures dd { margin: 2px 0 0; color: var(--strong); font-size: 1.75rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 9px 14px 9px 0; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; padding-top: 0; color: var(--quiet); font-weight: 500; font-size: .875rem; white-space: nowrap; }
tbody th { font-weight: 600; color: var(--strong); }
th:last-child, td:last-child { padding-right: 0; }
td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.bars { width: 68%; vertical-align: middle; padding-left: 10px; }
td.bars svg { display: block; width: 100%; height: 14px; color: var(--accent); }
td.when { white-space: nowrap; font-variant-numeric: tabular-nums; }
.break { overflow-wrap: anywhere; }

.tag { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: .8125rem; line-height: 1.5; background: var(--tint); color: var(--strong); white-space: nowrap; }
.tag.good { color: var(--good); } .tag.warn { color: var(--warn); } .tag.bad { color: var(--bad); }

.mails { list-style: none; margin: 0; padding: 0; background: var(--panel); border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: minmax(0, 15rem) minmax(0, 1fr) auto; gap: 2px 20px; align-items: baseline; padding: 13px 24px; color: var(--text); text-decoration: none; }
.mails a:hover { background: var(--sunken); }
.mails .to { color: var(--quiet); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mails .subject { color: var(--strong); font-weight: 550; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mails a:visited .subject { font-weight: 400; }
.mails time { color: var(--quiet); font-size: .875rem; font-variant-numeric: tabular-nums; white-space: nowrap; }

.find { max-width: 480px; margin: 0 0 2rem; }
.find div { display: flex; gap: 10px; align-items: flex-start; }
.find input { margin: 0; }
.find button { width: auto; }
.over { margin: 0 0 .75rem; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 20px; margin: 0; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.heads { margin-top: 18px; }
.tabs { display: flex; gap: 4px; border-bottom: 1px solid var(--line); margin: 20px 0 0; }
.tabs a { padding: 11px 16px; color: var(--quiet); text-decoration: none; border-bottom: 2px solid transparent; margin-bottom: -1px; }
.tabs a:hover { color: var(--strong); }
.tabs a[aria-current] { color: var(--strong); font-weight: 600; border-bottom-color: var(--accent); }
.mail { display: block; width: 100%; height: min(75vh, 900px); min-height: 420px; border: 1px solid var(--line); border-top: 0; border-radius: 0 0 var(--radius) var(--radius); background: #ffffff; }
pre.mail { margin: 0; padding: 22px 24px; background: var(--panel); color: var(--text); overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }

.run { padding: 18px 0; border-top: 1px solid var(--line); }
.run:first-of-type { border-top: 0; padding-top: 0; }
.run > header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.story { list-style: none; margin: 12px 0 0; padding: 0 0 0 6px; }
.story li { position: relative; display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 0 18px; align-items: baseline; padding: 4px 0 8px 22px; }
.story li:last-child { padding-bottom: 0; }
.story li::before { content: ""; position: absolute; left: -5px; top: 12px; width: 10px; height: 10px; border-radius: 50%; background: var(--accent); }
.story li:not(:last-child)::after { content: ""; position: absolute; left: -1px; top: 26px; bottom: -8px; width: 2px; background: var(--line); }
.story time { color: var(--quiet); font-size: .875rem; font-variant-numeric: tabular-nums; }
.hits { list-style: none; margin: 6px 0 0; padding: 0; color: var(--quiet); font-size: .875rem; }
.hits li { margin-top: 4px; }
.empty { text-align: center; padding: 56px 24px; }
.empty .lead { margin-left: auto; margin-right: auto; }
.empty h2 { margin-bottom: .5rem; }
.empty pre { text-align: left; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; padding: 16px; overflow-x: auto; margin: 1.25rem auto 0; max-width: 46rem; }

.letter { min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 24px; }
.card { width: 100%; max-width: 480px; background: var(--panel); border: 1px solid var(--line); border-radius: 16px; padding: 40px; }
.card .from { color: var(--accent); font-weight: 600; margin-bottom: 10px; }
.card h1 { margin-bottom: .75rem; font-family: Georgia, "Times New Roman", serif; font-weight: 700; letter-spacing: 0; }
.card form { margin-top: 1.5rem; }
.card p:last-child { margin-bottom: 0; }
.card .after { margin-top: 1rem; }
.card .mark { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 50%; background: var(--tint); color: var(--accent); margin-bottom: 18px; }
button, .button { display: inline-block; min-height: 48px; padding: 12px 26px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; text-decoration: none; }
button.plain { background: transparent; color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.apart { border-top: 1px solid var(--line); padding-top: 1.5rem; }
.apart p { margin-bottom: .75rem; }
fieldset { border: 0; margin: 0 0 1.25rem; padding: 0; }
legend { padding: 0; color: var(--strong); font-weight: 600; margin-bottom: .5rem; }
.choice { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 14px; align-items: start; min-height: 48px; padding: 12px 0; margin: 0; font-weight: 400; color: var(--text); cursor: pointer; }
.choice + .choice { border-top: 1px solid var(--line); }
.choice b { color: var(--strong); }
.choice input { width: 22px; height: 22px; margin: 1px 0 0; accent-color: var(--accent); }
.notice { background: var(--tint); color: var(--strong); border-radius: 8px; padding: 12px 16px; }
.asked { margin: 1rem 0 0; padding-left: 1.25rem; }
.survey fieldset { border: 0; margin: 0; padding: 0; }
.scale { display: grid; grid-template-columns: repeat(6, minmax(44px, 1fr)); gap: 5px; }
@media (max-width: 374px) { .scale { grid-template-columns: repeat(4, minmax(44px, 1fr)); } }
.scale label { position: relative; display: block; height: 48px; margin: 0; }
.scale input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.scale span { display: grid; place-items: center; width: 100%; height: 100%; border: 1px solid var(--quiet); border-radius: 8px; background: var(--sunken); color: var(--strong); font-weight: 600; }
.scale input:checked + span { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.scale input:focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px; }
.ends { display: flex; justify-content: space-between; gap: 16px; }
.why { display: block; margin: 8px 0 16px; }
.why textarea { display: block; width: 100%; margin-top: 8px; padding: 10px 14px; font: inherit; color: var(--strong); background: var(--sunken); border: 1px solid var(--quiet); border-radius: 8px; }
.asked-for fieldset, .question { margin: 0 0 1.5rem; }
.asked-for legend, .question label { margin-bottom: .5rem; }
.question label .quiet { font-weight: 400; }
.asked-for p { margin-bottom: .5rem; }
.asked-for [aria-invalid] { border-color: var(--bad); }
.asked-for textarea { display: block; width: 100%; padding: 10px 14px; font: inherit; color: var(--strong); background: var(--sunken); border: 1px solid var(--quiet); border-radius: 8px; }
.asked-for input[type=text] { margin-bottom: 0; }
button.second { background: var(--sunken); color: var(--strong); border: 1px solid var(--quiet); }
.card form button { margin: 0 8px 10px 0; }
.lines { white-space: pre-line; }
button:hover, .button:hover { filter: brightness(1.08); }
label { display: block; color: var(--strong); font-weight: 600; margin-bottom: 6px; }
input[type=password], input[type=text] { width: 100%; min-height: 48px; padding: 10px 14px; font: inherit; color: var(--strong); background: var(--sunken); border: 1px solid var(--quiet); border-radius: 8px; margin-bottom: 16px; }
.wrong { color: var(--bad); font-weight: 600; }

@media (max-width: 640px) {
  .bar-in, .page { padding-left: 16px; padding-right: 16px; }
  .bar-in { gap: 0 10px; }
  .nav { gap: 0; }
  .nav a { padding: 10px 9px; }
  .page { padding-top: 24px; }
  h1 { font-size: 1.5rem; }
  .panel { padding: 18px 16px; }
  .figures { grid-template-columns: 1fr 1fr; padding: 0; }
  .figures > div { padding: 14px 16px; }
  .figures dd { font-size: 1.5rem; }
  td.bars { width: 40%; }
  .stack thead { display: none; }
  .stack, .stack tbody, .stack tr, .stack td { display: block; width: auto; }
  .stack tr { border-top: 1px solid var(--line); padding: 10px 0; }
  .stack tr:first-child { border-top: 0; padding-top: 0; }
  .stack td { border: 0; padding: 1px 0; }
  .stack td.when { color: var(--quiet); font-size: .875rem; }
  .mails a { grid-template-columns: minmax(0, 1fr) auto; padding: 12px 16px; }
  .mails .subject { grid-column: 1 / -1; grid-row: 1; white-space: normal; }
  .mails .to { grid-column: 1; font-size: .875rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 8px; }
  .story li { grid-template-columns: 1fr; }
  .card { padding: 28px 24px; }
  button, .card .button { width: 100%; text-align: center; }
}
@media (prefers-reduced-motion: no-preference) { .nav a, .mails a, button { transition: background-color .12s, filter .12s; } }
`;
