// Attaches a file to what is said of a step of a certification: it is sent as it is, all else beside it in the address.
// Without scripts a note and an address can be given.
"use strict";

(() => {
  const offer = () => {
    for (const hidden of document.querySelectorAll("form[data-evidence] [hidden]")) hidden.hidden = false;
  };
  offer();
  new MutationObserver(offer).observe(document.body, {childList: true, subtree: true});

  document.addEventListener("submit", async event => {
    const form = event.target.closest("form[data-evidence]");
    const file = form?.querySelector("input[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    const said = new URLSearchParams(new FormData(form));
    said.set("decision", event.submitter.value);
    said.set("name", file.name);
    const headers = {"Content-Type": "application/octet-stream"};
    const answer = await fetch(form.getAttribute("action") + "?" + said, {method: "POST", headers, body: file});
    if (answer.ok) {
      location.reload();
    } else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.body.replaceWith(document.adoptNode(page.body));
    }
  });
})();
