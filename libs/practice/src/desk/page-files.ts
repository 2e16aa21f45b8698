/** The look of the page; light or dark as the reader prefers. */
export const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
.banner { background: #5a1e00; color: #fff; padding: .5rem 1rem; font-weight: 700 }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; list-style: none; padding: 0 }
[aria-current] { font-weight: 700; text-decoration: none }
article { border-top: 1px solid GrayText; padding: .75rem 0 }
article h2 { font-size: 1rem; margin: 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .25rem 0 }
.facts { color: GrayText; font-size: .875rem; overflow-wrap: anywhere }
.refused { border-inline-start: 4px solid #b00020; padding-inline-start: .75rem }
:target { outline: 2px solid #b35900; outline-offset: 4px }
:focus-visible { outline: 3px solid #b35900; outline-offset: 2px }
`;
/** Replaces the list every three seconds unless the reader has switched that off, which WCAG 2.2.2 asks for. */
export const SCRIPT = `
setInterval(async () => {
  if (!document.getElementById('follow').checked) return;
  const page = await fetch(location.href).then((answer) => answer.text()).catch(() => null);
  if (page === null) return;
  const fresh = new DOMParser().parseFromString(page, 'text/html');
  for (const id of ['counts', 'arrivals']) {
    const [there, here] = [fresh.getElementById(id), document.getElementById(id)];
    if (there.innerHTML !== here.innerHTML && !here.contains(document.activeElement)) here.replaceWith(there);
  }
}, 3000);
`;
