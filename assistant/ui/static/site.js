// Shared by every page: theme button, print button, previews of fiches, the marked passage in view.
(() => {
  const root = document.documentElement;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-theme-toggle]")) {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("dts.theme", root.dataset.theme); } catch { /* kept for this page only */ }
    }
    if (target?.closest("[data-print]")) window.print();
  });

  // A preview of the fiche a link leads to, on hover and on focus; Escape puts it away.
  let preview = null;
  const hide = () => { preview?.remove(); preview = null; };
  const show = (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-preview-title]") : null;
    if (!link) return;
    hide();
    link.removeAttribute("title");
    preview = document.createElement("div");
    preview.className = "preview";
    preview.setAttribute("aria-hidden", "true");
    const title = preview.appendChild(document.createElement("strong"));
    title.textContent = link.dataset.previewTitle;
    preview.append(link.dataset.preview);
    document.body.append(preview);
    const box = link.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - preview.offsetWidth - 16);
    const below = box.bottom + 8 + preview.offsetHeight < innerHeight;
    preview.style.left = `${Math.max(8, left) + scrollX}px`;
    preview.style.top = `${(below ? box.bottom + 8 : box.top - preview.offsetHeight - 8) + scrollY}px`;
  };
  for (const name of ["mouseover", "focusin"]) document.addEventListener(name, show);
  for (const name of ["mouseout", "focusout"]) document.addEventListener(name, hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  // The fragment leads to the section; the passage may stand well below its heading.
  const passage = document.getElementById("passage");
  if (passage) {
    if (location.hash) addEventListener("load", () => passage.scrollIntoView({ block: "center", behavior: "instant" }));
  }
  // On a phone the table of contents starts closed.
  if (matchMedia("(max-width: 47.99rem)").matches) document.querySelector("[data-toc]")?.removeAttribute("open");
})();
