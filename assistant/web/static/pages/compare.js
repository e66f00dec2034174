// Experiences to compare: three at most, kept ticked when the list is filtered; points of the map lead to their card.
(() => {
  const MOST = 3;
  const picked = new Set();
  const boxes = () => [...document.querySelectorAll('input[name="ids"][form="comparer"]')];
  const hint = () => document.querySelector("[data-compare-hint]");
  const usual = hint()?.textContent ?? "";

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "ids") return;
    if (box.checked && picked.size >= MOST) {
      box.checked = false;
      hint().textContent = hint().dataset.many;
      return;
    }
    picked[box.checked ? "add" : "delete"](box.value);
    hint().textContent = usual;
  });

  document.addEventListener("live:updated", () => {
    for (const box of boxes()) box.checked = picked.has(box.value);
  });

  for (const box of boxes()) if (box.checked) picked.add(box.value); // the browser went back to this page

  document.addEventListener("click", (event) => {
    const point = event.target.closest?.("a[data-exp]");
    const card = point && document.getElementById(`exp-${point.dataset.exp}`);
    if (!card) return;
    event.preventDefault();
    card.scrollIntoView({ block: "center" });
    card.focus({ preventScroll: true });
  });
})();
