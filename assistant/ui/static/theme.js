// Before the first paint: the theme somebody chose, and whether scripts run at all.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("dts.theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch { /* a browser that keeps nothing follows the system's theme */ }
})();
