// Before the first paint: the page's language, the theme somebody chose, and that scripts run.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  // Gradio writes its own few labels, and the page's lang, in the browser's language: the page's is the one meant.
  const language = root.lang;
  for (const [name, value] of [["language", language], ["languages", [language]]]) {
    Object.defineProperty(navigator, name, { get: () => value });
  }
  try {
    const chosen = localStorage.getItem("dts.theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    // A conversation is about to be shown again, or a question asked: the welcome does not flash before it.
    if (localStorage.getItem("dts.open") || /[?&]q=/.test(location.search)) root.classList.add("resumes");
  } catch { /* a browser that keeps nothing follows the system's theme */ }
})();
