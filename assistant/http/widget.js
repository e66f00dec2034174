/* The assistant in another site: <script src="https://ASSISTANT/widget.js" async></script>
 * A button in a shadow root (the site's styles cannot reach it) opens the assistant in a sandboxed frame
 * (the assistant's code cannot reach the site). Attributes of the script's tag:
 *   data-label="Une question ?"   data-title="Assistant du manuel DTS"   data-close="Fermer"
 *   data-side="left|right"        data-colour="#14506b"                  data-open
 */
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || !script.src) { return; }
  var origin = new URL(script.src).origin;
  var base = script.src.replace(/\/widget\.js(?:[?#].*)?$/, "");
  var option = function (name, fallback) { return script.getAttribute("data-" + name) || fallback; };
  var english = (document.documentElement.lang || "fr").slice(0, 2) === "en";
  var label = option("label", english ? "Ask the manual" : "Interroger le manuel");
  var title = option("title", english ? "Assistant of the DTS manual" : "Assistant du manuel DTS");
  var closing = option("close", english ? "Close" : "Fermer");
  var side = option("side", "right") === "left" ? "left" : "right";
  var colour = /^#[0-9a-f]{3,8}$/i.test(option("colour", "")) ? option("colour") : "#14506b";

  function mount() {
    var host = document.createElement("div");
    var root = host.attachShadow({ mode: "open" });
    var style = document.createElement("style");
    style.textContent =
      "*{box-sizing:border-box;font:500 16px/1.3 system-ui,sans-serif}" +
      "button{min-height:44px;border:2px solid #fff;border-radius:24px;padding:8px 20px;color:#fff;background:" + colour +
      ";cursor:pointer;box-shadow:0 2px 10px rgba(0,0,0,.35)}" +
      "button:focus-visible{outline:3px solid #ffbf47;outline-offset:2px}" +
      ".open{position:fixed;bottom:16px;" + side + ":16px;z-index:2147483000}" +
      ".panel{position:fixed;bottom:16px;" + side + ":16px;z-index:2147483001;display:none;flex-direction:column;" +
      "width:min(440px,calc(100vw - 32px));height:min(680px,calc(100vh - 32px));background:#fff;border-radius:12px;" +
      "overflow:hidden;box-shadow:0 4px 28px rgba(0,0,0,.4)}" +
      ".panel.shown{display:flex}.bar{display:flex;justify-content:space-between;align-items:center;gap:8px;" +
      "padding:8px 8px 8px 16px;color:#fff;background:" + colour + "}" +
      ".bar button{box-shadow:none;background:transparent;padding:4px 14px}iframe{flex:1;width:100%;border:0;background:#fff}" +
      "@media (max-width:480px){.panel{inset:0;width:100vw;height:100vh;border-radius:0}}@media print{.open,.panel{display:none}}";
    var opener = document.createElement("button");
    opener.className = "open";
    opener.type = "button";
    opener.textContent = label;
    opener.setAttribute("aria-haspopup", "dialog");
    var panel = document.createElement("div");
    panel.className = "panel";
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", title);
    var bar = document.createElement("div");
    bar.className = "bar";
    var heading = document.createElement("span");
    heading.textContent = title;
    var closer = document.createElement("button");
    closer.type = "button";
    closer.textContent = closing;
    bar.append(heading, closer);
    panel.append(bar);
    root.append(style, opener, panel);
    document.body.append(host);

    function frame() {
      var made = document.createElement("iframe");
      made.title = title;
      // allow-same-origin is the assistant's own origin, not the site's: the frame still cannot reach out.
      made.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads");
      made.referrerPolicy = "origin";
      made.src = base + "/?embed=1";
      return made;
    }
    function open() {
      if (!panel.querySelector("iframe")) { panel.append(frame()); }
      panel.classList.add("shown");
      opener.style.display = "none";
      closer.focus();
    }
    function close() {
      panel.classList.remove("shown");
      opener.style.display = "";
      opener.focus();
    }
    opener.addEventListener("click", open);
    closer.addEventListener("click", close);
    panel.addEventListener("keydown", function (event) { if (event.key === "Escape") { close(); } });
    window.addEventListener("message", function (event) {
      if (event.origin === origin && event.data === "assistant:close") { close(); }
    });
    if (script.hasAttribute("data-open")) { open(); }
  }
  if (document.body) { mount(); } else { document.addEventListener("DOMContentLoaded", mount); }
})();
