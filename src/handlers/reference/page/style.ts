/** The look of `/docs`: the system's fonts, one accent, light or dark as the reader has it. */
export const STYLE = `
:root {
  --paper: #fdfdfc; --panel: #f4f4f1; --ink: #1c1d1f; --soft: #5c6066; --line: #dfdfda;
  --accent: #0b62c4; --get: #0a6b45; --post: #0b57b0; --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131416; --panel: #1d1f22; --ink: #e8e8e6; --soft: #a3a7ad; --line: #33363b;
    --accent: #7db4ff; --get: #6bd3a0; --post: #8ab8ff; --delete: #ff9a90;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1.5rem; }
body {
  margin: 0 auto; max-width: 76rem; padding: 0 1.25rem 6rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.6 system-ui, sans-serif;
  display: grid; grid-template: "header" "nav" "main" / minmax(0, 1fr); gap: 0 3rem;
}
header { grid-area: header; } nav { grid-area: nav; } main { grid-area: main; }
@media (min-width: 60rem) {
  body { grid-template: "nav header" auto "nav main" 1fr / 15rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; padding: 2rem 0; }
}
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px;
}
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--panel); }
h1 { font-size: 2.25rem; line-height: 1.1; margin: 2.5rem 0 0.5rem; letter-spacing: -0.02em; }
h2 { font-size: 1.5rem; line-height: 1.2; margin: 3.5rem 0 0.5rem; letter-spacing: -0.01em; }
h3 { font-size: 1.15rem; margin: 0 0 0.25rem; } h4 { font-size: 1rem; margin: 1.5rem 0 0; }
h3 a { color: inherit; text-decoration: none; } h3 a:hover { text-decoration: underline; }
p { margin: 0.5rem 0; max-width: 44rem; }
.lead { font-size: 1.2rem; color: var(--soft); }
.start { margin: 1.5rem 0 1rem; padding: 0.25rem 1.5rem 1rem; border: 1px solid var(--line); border-radius: 12px; }
.start h2 { margin-top: 1rem; }
nav { font-size: 0.92rem; }
nav h2 { font-size: 0.78rem; letter-spacing: 0.06em; text-transform: uppercase; margin: 1.25rem 0 0.25rem; }
nav h2, nav h2 a { color: var(--soft); text-decoration: none; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { display: flex; justify-content: space-between; align-items: baseline; gap: 0.5rem; }
nav li a { color: inherit; text-decoration: none; padding: 0.15rem 0; } nav a:hover { text-decoration: underline; }
nav .method { font-size: 0.65rem; }
.operation, .shape { padding: 2rem 0 1.5rem; border-top: 1px solid var(--line); margin-top: 1.5rem; }
.method { font: 700 0.8rem ui-monospace, monospace; color: var(--soft); }
.method.get { color: var(--get); } .method.post { color: var(--post); } .method.delete { color: var(--delete); }
.access, .mark, figcaption, caption { font-size: 0.85rem; color: var(--soft); }
.access::before { content: "· "; } .mark { white-space: nowrap; font-weight: 400; }
code { font: 0.88em ui-monospace, monospace; overflow-wrap: break-word; }
p code, td code, dd code { background: var(--panel); padding: 0.1em 0.3em; border-radius: 4px; }
figure { margin: 1rem 0; }
figcaption { margin-bottom: 0.25rem; }
figcaption::after { content: " (one click selects it)"; opacity: 0; }
figure:hover figcaption::after { opacity: 1; }
pre {
  margin: 0; padding: 0.9rem 1.1rem; overflow-x: auto; background: var(--panel);
  border: 1px solid var(--line); border-radius: 8px; line-height: 1.5;
}
pre code { user-select: all; -webkit-user-select: all; overflow-wrap: normal; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
caption { text-align: left; padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 1rem 0.45rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 400; font-size: 0.85rem; }
tbody th { font-weight: 600; } td { min-width: 6rem; } td:last-child { min-width: 16rem; }
.type { color: var(--soft); max-width: 14rem; }
dl { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: 0.25rem 0.5rem; margin: 0.5rem 0; }
dt { font: 600 0.9rem/1.75 ui-monospace, monospace; } dd { margin: 0; } dd p { margin: 0 0 0.25rem; }
summary { cursor: pointer; color: var(--soft); } details { margin: 0.25rem 0; }
@media print { nav, .skip { display: none; } }
`
