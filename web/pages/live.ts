// The one script: a page with <main data-live="seconds"> asks for itself again while it is being looked at, and takes
// over what changed. Nobody's focus or scroll is lost, and without JavaScript the page is whole, only still.

export const live = `
const main = document.querySelector('main[data-live]');
if (main) {
  const again = async () => {
    if (!document.hidden && !main.contains(document.activeElement) && getSelection().isCollapsed) {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
        if (fresh && fresh.innerHTML !== main.innerHTML) main.replaceChildren(...fresh.childNodes);
      }
    }
  };
  setInterval(() => again().catch(() => undefined), Number(main.dataset.live) * 1000);
}
`;
