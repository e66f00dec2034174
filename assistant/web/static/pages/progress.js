// A newcomer's progress, kept in this browser only: which steps of which path are done.
(() => {
  const KEY = "dts.decouverte";
  const read = () => {
    try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
  };
  const write = (all) => {
    try { localStorage.setItem(KEY, JSON.stringify(all)); } catch { /* kept for this page only */ }
  };
  let all = read();

  const show = (box) => {
    const steps = box.dataset.steps.split(" ");
    const done = steps.filter((s) => all[box.dataset.path]?.includes(s));
    for (const progress of box.querySelectorAll("[data-progress]")) {
      progress.hidden = false;
      progress.querySelector("progress").value = done.length;
      const text = progress.querySelector("[data-progress-text]");
      text.textContent = text.dataset.progressText.replace("__d__", done.length).replace("__t__", steps.length);
    }
    for (const line of box.querySelectorAll("[data-done-line]")) line.hidden = false;
    for (const check of box.querySelectorAll("[data-done]")) check.checked = done.includes(check.dataset.done);
    for (const step of box.querySelectorAll("[data-step]")) {
      step.classList.toggle("is-done", done.includes(step.dataset.step));
      const state = step.querySelector("[data-state]");
      if (state) {
        state.hidden = false;
        state.textContent = done.includes(step.dataset.step) ? state.dataset.doneText : state.dataset.todoText;
      }
    }
    const next = box.querySelector("[data-next]");
    const left = steps.find((s) => !done.includes(s));
    if (next) { next.hidden = !left; if (left) next.href = `#etape-${left}`; }
    const finished = box.querySelector("[data-all-done]");
    if (finished) finished.hidden = Boolean(left);
  };

  const boxes = [...document.querySelectorAll("[data-path]")];
  const showAll = () => boxes.forEach(show);

  document.addEventListener("change", (event) => {
    const check = event.target.closest?.("[data-done]");
    if (!check) return;
    const path = check.closest("[data-path]").dataset.path;
    all = read(); // another tab may have gone on meanwhile
    const done = new Set(all[path] ?? []);
    done[check.checked ? "add" : "delete"](check.dataset.done);
    all[path] = [...done];
    write(all);
    showAll();
  });
  document.addEventListener("click", (event) => {
    const erase = event.target.closest?.("[data-erase]");
    if (!erase) return;
    all = read();
    delete all[erase.closest("[data-path]").dataset.path];
    write(all);
    showAll();
  });
  addEventListener("storage", (event) => { if (event.key === KEY) { all = read(); showAll(); } });
  showAll();
})();
