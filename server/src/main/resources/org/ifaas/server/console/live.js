// Keeps a page as the factory is: at each event of its address, the page is fetched anew and its live parts are replaced.
// Without scripts a page shows what was so when it was asked for.
"use strict";

(() => {
  const live = () => [...document.querySelectorAll("[data-live]")];
  const source = document.querySelector("[data-events]");
  if (!source) return;

  const said = document.getElementById("said");
  let events = null;
  let first = true;
  let over = false;
  let busy = false;
  let again = false;
  let old = [];
  let timer = 0;

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

  // Nobody asked for it: it does not keep a session alive.
  async function fetched() {
    const headers = {Accept: "text/html", "Ifaas-Renewal": "page"};
    const answer = await fetch(location.pathname + location.search, {headers});
    // Whoever is no longer signed in is asked who they are.
    if (answer.redirected) location.reload();
    if (answer.status >= 500) throw new Error(answer.status);
    if (!answer.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    old = [];
    for (const part of live()) {
      const other = next.getElementById(part.id);
      if (other && inUse(part)) old.push(part);
      else if (other) replace(part, document.adoptNode(other));
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
        soon();
      }
    }
    busy = false;
  }

  // A browser in which many pages are open has few connections: those that nobody sees have none.
  function listen() {
    events?.close();
    if (over || document.hidden) return;
    events = new EventSource(source.dataset.events);
    events.addEventListener("message", event => {
      const text = JSON.parse(event.data).text;
      if (text && !first) said.textContent = text;
      if (!first) renew();
      first = false;
    });
    events.addEventListener("end", event => {
      if (!first) said.textContent = JSON.parse(event.data).text;
      over = true;
      events.close();
      renew();
    });
    events.addEventListener("error", event => {
      if (event.target.readyState === EventSource.CLOSED) soon();
    });
  }

  // The factory is away for a moment, or nobody is signed in.
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      listen();
      renew();
    }, 5000);
  }

  function leave() {
    if (old.some(part => !inUse(part))) renew();
  }

  document.addEventListener("focusout", () => setTimeout(leave));
  document.addEventListener("selectionchange", leave);
  document.addEventListener("visibilitychange", () => {
    first = false;
    listen();
  });
  // Times that run on.
  const clock = setInterval(() => {
    if (over) clearInterval(clock);
    else if (!document.hidden && document.querySelector("[data-live] .running")) renew();
  }, 5000);
  listen();
})();
