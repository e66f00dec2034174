// Forms that update a part of the page in place. Without this script the same forms load the page again.
//
// data-live="#part"        what is replaced          data-live-on="input|change"   what sets it off
// data-live-url="/path"    address of the fragment   data-live-other="#part"       hidden while there are results
(() => {
  const WAIT = 140; // ms after the last keystroke

  const address = (form, base) => {
    const url = new URL(base, location.href);
    for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
    return url;
  };

  const setUp = (form) => {
    const part = document.querySelector(form.dataset.live);
    const other = form.dataset.liveOther && document.querySelector(form.dataset.liveOther);
    const status = document.querySelector("[data-live-status]");
    if (!part) return;
    let timer, request, last = "";

    const say = (text) => { if (status) status.textContent = text; };

    const update = async (force) => {
      const shown = address(form, form.action);
      if (!force && shown.href === last) return;
      last = shown.href;
      request?.abort();
      request = new AbortController();
      const asked = address(form, form.dataset.liveUrl ?? form.action);
      asked.searchParams.set("fragment", "1");
      const late = setTimeout(() => part.setAttribute("aria-busy", "true"), 200);
      try {
        const answer = await fetch(asked, { signal: request.signal, headers: { Accept: "text/html" } });
        if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
        part.innerHTML = await answer.text();
        if (other) other.hidden = part.innerHTML.trim() !== "";
        say(part.querySelector("[data-status]")?.dataset.status ?? "");
        history.replaceState(null, "", shown);
        part.dispatchEvent(new CustomEvent("live:updated", { bubbles: true }));
      } catch (error) {
        if (error.name === "AbortError") return;
        last = "";
        say(form.dataset.failed ?? "");
        if (!part.querySelector("[data-live-failed]")) {
          const note = document.createElement("p");
          note.className = "notice";
          note.dataset.liveFailed = "";
          note.textContent = form.dataset.failed ?? "";
          part.prepend(note);
        }
      } finally {
        clearTimeout(late);
        part.removeAttribute("aria-busy");
      }
    };

    form.addEventListener(form.dataset.liveOn, (event) => {
      if (event.target.closest("[data-live-quiet]")) return; // sent by its button, not at each word
      clearTimeout(timer);
      timer = setTimeout(update, form.dataset.liveOn === "input" ? WAIT : 0);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      update(true).then(() => part.querySelector("h2, h3")?.scrollIntoView({ block: "nearest" }));
    });
    part.addEventListener("click", (event) => {
      if (!event.target.closest("[data-live-clear]")) return;
      event.preventDefault();
      const field = form.querySelector("input[type=search]");
      field.value = "";
      update(true);
      field.focus();
    });
  };

  for (const form of document.querySelectorAll("form[data-live]")) setUp(form);
})();
