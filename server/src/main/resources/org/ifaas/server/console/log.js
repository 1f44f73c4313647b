// Follows the log of the stage that the page shows, fetches lines before and behind, and finds the line that an address names.
// Without scripts, each of these is a link to a page, and the search is a form.
"use strict";

(() => {
  const named = /^#([a-z-]+)-L([0-9]+)$/;
  const log = document.getElementById("log");
  if (!log) return;
  const {build, stage, attempt} = log.dataset;
  const lines = document.getElementById("lines");
  const box = lines.parentElement;
  const most = 5000;
  const bad = /^E: |\b(error|fatal|failed|failure|panic|traceback)\b/i;
  const doubtful = /^W: |\bwarn(ing)?\b/i;
  const sequence = /\u001b\[([0-9;]*)m/;
  const looks = {1: "bold", 2: "faint", 3: "italic", 4: "underlined", 9: "struck"};
  const inks = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
  const follow = document.querySelector("#follow input");
  const logs = "/builds/" + build + "/logs/" + stage + "/";
  let number = Number(lines.dataset.line);
  let next = lines.dataset.next;
  let rest = "";
  let events = null;
  let missing = false;
  let end = 0;

  function running() {
    return document.querySelector("#summary .state.running") !== null;
  }

  function to(line, of = stage) {
    return "?" + new URLSearchParams({attempt, stage: of, at: line}) + "#" + of + "-L" + line;
  }

  // Chooses the line that the address names, wherever in the log it is.
  async function choose() {
    lines.querySelector(".chosen")?.classList.remove("chosen");
    const match = named.exec(location.hash);
    missing = false;
    if (!match) return;
    if (match[1] !== stage) {
      location.replace(location.pathname + to(match[2], match[1]));
      return;
    }
    if (!document.getElementById(location.hash.slice(1)) && new URLSearchParams(location.search).get("at") !== match[2]) {
      try {
        await show("at=" + match[2]);
        history.replaceState(null, "", to(match[2]));
      } catch {
        location.replace(location.pathname + to(match[2]));
      }
    }
    const line = document.getElementById(location.hash.slice(1));
    missing = !line;
    if (!line) return;
    line.classList.add("chosen");
    line.scrollIntoView({block: "center"});
  }

  // Colours, as logs have them: each sequence says the whole look of what follows. All else stays text.
  function write(words, text) {
    const parts = text.split(sequence);
    for (let i = 0; i < parts.length; i += 2) {
      const look = i === 0 ? [] : parts[i - 1].split(";")
        .map(code => looks[code] ?? (code >= 30 && inks[code % 10] ? "ink-" + inks[code % 10] : ""))
        .filter(Boolean);
      if (!look.length) {
        words.append(parts[i]);
      } else if (parts[i]) {
        const part = document.createElement("span");
        part.className = look.join(" ");
        part.textContent = parts[i];
        words.append(part);
      }
    }
  }

  function row(text) {
    const line = document.createElement("div");
    const link = document.createElement("a");
    const words = document.createElement("span");
    line.id = stage + "-L" + number;
    link.href = to(number);
    link.dataset.n = String(number);
    link.setAttribute("aria-label", "Line " + number);
    write(words, text);
    if (bad.test(words.textContent)) line.className = "bad";
    else if (doubtful.test(words.textContent)) line.className = "doubtful";
    line.append(link, words);
    number += 1;
    return line;
  }

  function offer(where, text, line, part) {
    const link = document.createElement("a");
    link.href = to(line);
    link.dataset.part = part;
    link.textContent = text;
    document.getElementById(where).replaceChildren(link);
  }

  function goToEnd() {
    box.scrollTop = box.scrollHeight;
    end = box.scrollTop;
  }

  function append(text) {
    const parts = (rest + text).split(/\r?\n/);
    rest = parts.pop();
    if (!parts.length) return;
    document.getElementById("empty")?.remove();
    const fresh = document.createDocumentFragment();
    for (const part of parts) fresh.append(row(part));
    lines.append(fresh);
    if (follow.checked && lines.childElementCount > most) {
      while (lines.childElementCount > most) lines.firstElementChild.remove();
      const first = number - most;
      offer("earlier", "Earlier lines", first - 1, "before=" + first);
    } else if (lines.childElementCount > most) {
      // Whoever reads keeps what they read; what comes is fetched when it is wanted.
      events.close();
      offer("later", "Later lines", number, "from=" + number);
    }
    if (missing) choose();
    if (follow.checked) goToEnd();
  }

  // What comes, as long as nothing is left out between and somebody sees it.
  function listen() {
    events?.close();
    if (document.hidden || document.querySelector("#later a")) return;
    events = new EventSource(logs + "events?attempt=" + attempt + "&offset=" + next);
    events.addEventListener("message", event => {
      next = event.lastEventId;
      append(JSON.parse(event.data).text);
    });
    events.addEventListener("end", () => {
      events.close();
      if (rest) append("\n");
      document.getElementById("follow").hidden = true;
    });
    events.addEventListener("error", event => {
      if (event.target.readyState === EventSource.CLOSED && running()) setTimeout(listen, 5000);
    });
  }

  async function piece(path) {
    const answer = await fetch(logs + path, {headers: {Accept: "text/html"}});
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function take(other, where) {
    document.getElementById(where).replaceChildren(...other.getElementById(where).childNodes);
  }

  function onward(other) {
    number = Number(other.getElementById("lines").dataset.line);
    next = other.getElementById("lines").dataset.next;
    rest = "";
    take(other, "later");
    listen();
  }

  // Other lines instead of these.
  async function show(part) {
    const other = await piece("lines?attempt=" + attempt + "&" + part);
    lines.replaceChildren(...other.getElementById("lines").children);
    take(other, "earlier");
    onward(other);
  }

  // Lines before or behind these.
  async function extend(where, part) {
    const other = await piece("lines?attempt=" + attempt + "&" + part);
    const fresh = other.getElementById("lines").children;
    if (where === "later") {
      lines.append(...fresh);
      onward(other);
    } else {
      const first = lines.firstElementChild;
      const top = first?.getBoundingClientRect().top ?? 0;
      lines.prepend(...fresh);
      take(other, "earlier");
      if (first) box.scrollTop += first.getBoundingClientRect().top - top;
    }
    (document.querySelector("#" + where + " a") ?? box).focus({preventScroll: true});
  }

  for (const where of ["earlier", "later"]) {
    document.getElementById(where).addEventListener("click", event => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      follow.checked = false;
      extend(where, link.dataset.part).catch(() => location.assign(link.href));
    });
  }

  // Stays on this page: what was loaded is not loaded again.
  function stay(event) {
    const link = event.target.closest("a[data-n]");
    if (!link) return;
    event.preventDefault();
    follow.checked = false;
    const hash = link.hash;
    if (document.getElementById(hash.slice(1))) {
      history.replaceState(null, "", link.getAttribute("href"));
      choose();
    } else {
      show("at=" + link.dataset.n).then(() => {
        history.replaceState(null, "", link.getAttribute("href"));
        return choose();
      }).catch(() => location.assign(link.href));
    }
  }

  lines.addEventListener("click", stay);
  addEventListener("hashchange", choose);

  document.getElementById("follow").hidden = false;
  follow.checked = running() && !named.test(location.hash) && log.dataset.last !== undefined;
  follow.addEventListener("change", async () => {
    if (follow.checked && document.querySelector("#later a")) await show("at=end");
    if (follow.checked) goToEnd();
  });
  // Whoever goes back from the end, by wheel, keys or touch, reads.
  box.addEventListener("scroll", () => {
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 2;
    if (box.scrollTop < end - 2 && !atEnd) follow.checked = false;
  }, {passive: true});
  document.addEventListener("visibilitychange", listen);

  const search = document.getElementById("search");
  const found = document.getElementById("found");
  search.addEventListener("submit", async event => {
    event.preventDefault();
    const find = document.getElementById("words").value;
    const hits = document.getElementById("hits");
    if (!find) {
      found.replaceChildren();
      return;
    }
    hits.textContent = "searching";
    try {
      const other = await piece("hits?" + new URLSearchParams({attempt, find}));
      take(other, "found");
      hits.textContent = document.getElementById("count").textContent;
    } catch {
      search.submit();
    }
  });
  found.addEventListener("click", event => {
    if (event.target.closest("#further")) return;
    stay(event);
  });

  if (log.dataset.last !== undefined) goToEnd();
  listen();
  choose();
})();
