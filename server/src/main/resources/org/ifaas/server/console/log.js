// Follows the log of the stage that the page shows, line by line; searches it; and finds the line that an address names.
// Without scripts the page shows the beginning of the log and a link to the rest.
"use strict";

(() => {
  const named = /^#([a-z-]+)-L([0-9]+)$/;
  const log = document.getElementById("log");
  if (!log) return;
  const {build, stage, attempt} = log.dataset;
  const lines = document.getElementById("lines");
  const box = lines.parentElement;
  const most = 50000;
  const bad = /^E: |\b(error|fatal|failed|failure|panic|traceback)\b/i;
  const doubtful = /^W: |\bwarn(ing)?\b/i;
  const sequence = /\u001b\[([0-9;]*)m/;
  const looks = {1: "bold", 2: "faint", 3: "italic", 4: "underlined", 9: "struck"};
  const inks = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
  let number = Number(log.dataset.line);
  let rest = "";

  // The line of another stage: the part behind # does not reach the server.
  const wanted = named.exec(location.hash);
  if (wanted && wanted[1] !== stage) {
    const query = new URLSearchParams(location.search);
    query.set("stage", wanted[1]);
    query.delete("offset");
    query.delete("line");
    location.replace(location.pathname + "?" + query + location.hash);
    return;
  }

  function choose() {
    lines.querySelector(".chosen")?.classList.remove("chosen");
    const match = named.exec(location.hash);
    const line = match && document.getElementById(match[1] + "-L" + match[2]);
    if (!line) return false;
    line.classList.add("chosen");
    line.scrollIntoView({block: "center"});
    return true;
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
    link.href = "?attempt=" + attempt + "&stage=" + stage + "#" + line.id;
    link.dataset.n = String(number);
    link.setAttribute("aria-label", "Line " + number);
    write(words, text);
    if (bad.test(words.textContent)) line.className = "bad";
    else if (doubtful.test(words.textContent)) line.className = "doubtful";
    line.append(link, words);
    number += 1;
    return line;
  }

  const follow = document.querySelector("#follow input");
  let chosen = choose();

  function append(text) {
    const parts = (rest + text).split("\n");
    rest = parts.pop();
    if (!parts.length) return;
    document.getElementById("empty")?.remove();
    const fresh = document.createDocumentFragment();
    for (const part of parts) fresh.append(row(part));
    lines.append(fresh);
    while (lines.childElementCount > most) lines.firstElementChild.remove();
    if (!chosen && location.hash) chosen = choose();
    if (follow.checked) box.scrollTop = box.scrollHeight;
  }

  document.querySelector(".rest")?.remove();
  const address = "/builds/" + build + "/logs/" + stage + "/events?attempt=" + attempt + "&offset=" + log.dataset.next;
  const events = new EventSource(address);
  events.addEventListener("message", event => append(JSON.parse(event.data).text));
  events.addEventListener("end", () => {
    events.close();
    if (rest) append("\n");
    document.getElementById("follow").hidden = true;
  });

  document.getElementById("follow").hidden = false;
  follow.checked = document.querySelector("#summary .state.running") !== null && !location.hash;
  follow.addEventListener("change", () => {
    if (follow.checked) box.scrollTop = box.scrollHeight;
  });
  box.addEventListener("wheel", () => {
    follow.checked = false;
  }, {passive: true});

  lines.addEventListener("click", event => {
    const link = event.target.closest("a");
    if (!link) return;
    // Stays on this page: what was loaded is not loaded again.
    event.preventDefault();
    history.replaceState(null, "", link.getAttribute("href"));
    follow.checked = false;
    chosen = choose();
  });
  addEventListener("hashchange", choose);

  const search = document.getElementById("search");
  const words = document.getElementById("words");
  const hits = document.getElementById("hits");
  let found = [];
  let at = -1;

  function find() {
    lines.querySelectorAll(".hit").forEach(line => line.classList.remove("hit", "now"));
    const text = words.value.toLowerCase();
    found = text ? [...lines.children].filter(line => line.lastChild.textContent.toLowerCase().includes(text)) : [];
    found.forEach(line => line.classList.add("hit"));
    at = -1;
    hits.textContent = text ? found.length + (found.length === 1 ? " line" : " lines") : "";
  }

  search.hidden = false;
  words.addEventListener("input", find);
  search.addEventListener("submit", event => {
    event.preventDefault();
    if (!found.length) find();
    if (!found.length) return;
    follow.checked = false;
    found[at]?.classList.remove("now");
    at = (at + 1) % found.length;
    found[at].classList.add("now");
    found[at].scrollIntoView({block: "center"});
    hits.textContent = at + 1 + " of " + found.length;
  });
})();
