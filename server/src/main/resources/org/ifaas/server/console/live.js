// Keeps a page as the factory is: at each event of its address, the page is fetched anew and its live parts are replaced.
// Without scripts a page shows what was so when it was asked for.
"use strict";

(() => {
  const live = () => [...document.querySelectorAll("[data-live]")];
  const source = document.querySelector("[data-events]");
  if (!source) return;

  let busy = false;
  let again = false;

  // What somebody is typing into, has the focus in or has marked stays until they leave it.
  function inUse(part) {
    const marked = getSelection();
    return part.contains(document.activeElement) || (!marked.isCollapsed && part.contains(marked.anchorNode));
  }

  // What was opened or scrolled aside stays so.
  function replace(part, other) {
    const kept = selector => [[...part.querySelectorAll(selector)], [...other.querySelectorAll(selector)]];
    const [opened, next] = kept("details");
    const [scrolled, anew] = kept(".scroll");
    next.forEach((details, i) => details.open = opened[i]?.open ?? false);
    const left = scrolled.map(box => box.scrollLeft);
    part.replaceWith(other);
    anew.forEach((box, i) => box.scrollLeft = left[i] ?? 0);
  }

  async function fetched() {
    const answer = await fetch(location.pathname + location.search, {headers: {Accept: "text/html"}});
    if (!answer.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of live()) {
      const other = next.getElementById(part.id);
      if (other && !inUse(part)) replace(part, document.adoptNode(other));
    }
  }

  // What happens while a page is on its way is on the next one.
  async function renew() {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      try {
        await fetched();
      } catch {
        // The factory is away for a moment; the next event comes when it is back.
      }
    }
    busy = false;
  }

  const events = new EventSource(source.dataset.events);
  const said = document.getElementById("said");
  let first = true;
  events.addEventListener("message", event => {
    const text = JSON.parse(event.data).text;
    if (text && !first) said.textContent = text;
    if (!first) renew();
    first = false;
  });
  events.addEventListener("end", event => {
    if (!first) said.textContent = JSON.parse(event.data).text;
    events.close();
    renew();
  });
  // Times that run on.
  const clock = setInterval(() => {
    if (events.readyState === EventSource.CLOSED) clearInterval(clock);
    else if (!document.hidden && document.querySelector("[data-live] .running")) renew();
  }, 5000);
})();
