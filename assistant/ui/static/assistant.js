// The Assistant page around Gradio: buttons inside answers, the list of conversations, lost connections.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const text = (key) => $(`template[data-text="${key}"]`)?.content.textContent ?? "";
  const say = (message) => { const live = $("#annonce"); if (live) live.textContent = message; };
  const box = () => $("#question textarea, #question input");
  const store = window.dtsStore;
  const AGAIN = "dts.again"; // kept by the tab while a question that was lost is asked anew
  let current = null;   // the open conversation, as last kept
  let cut = null;       // how many exchanges stay when an earlier question is asked anew
  let toOpen = null;    // the conversation that the bridge is about to show
  let markReady;
  const ready = new Promise((resolve) => { markReady = resolve; });
  let fresh = false;    // a question was just sent, and its exchange not yet shown
  let pending = null;   // the question under way: { question, since, misses, shown }

  // ---- asking -------------------------------------------------------------------------------
  const fill = (value) => {
    const field = box();
    if (!field) return;
    const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set;
    set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  let taken = 0;        // questions that reached Gradio
  // What was last typed: as it starts, Gradio may empty the field under its writer.
  let draft = "";
  document.addEventListener("input", (event) => {
    if (event.target === box() || event.target === first()) draft = event.target.value;
  }, true);
  const ask = (question) => {
    if (first()) { askFirst(question); return; }
    // Whether its button answers already cannot be asked of Gradio: a click is tried until one is taken.
    const before = taken;
    const attempt = (left) => {
      if (taken !== before || !left) return;
      fill(question);
      // Gradio takes the field's value in on its next turn.
      requestAnimationFrame(() => setTimeout(() => {
        if (taken === before) $("#envoyer")?.click();
        setTimeout(() => attempt(left - 1), 1500);
      }, 30));
    };
    attempt(20);
  };

  // ---- before Gradio stands -------------------------------------------------------------------
  const first = () => $("#premiere-question");
  let asked = false;    // a question was sent from the first field
  const askFirst = (question) => {
    if (!question.trim()) { first().focus(); return; }
    first().value = question;
    asked = true;
    const status = $("[data-first-status]");
    status.textContent = status.dataset.waiting;
    $("#premiere-saisie").classList.add("is-waiting");
  };
  const handOver = () => {
    const field = first();
    if (!field || !box()) return;
    const question = field.value, at = field.selectionStart, focused = document.activeElement === field;
    $("#premier").remove();
    if (question) fill(question);
    if (focused) { box().focus(); box().setSelectionRange?.(at, at); }
    if (asked) ready.then(() => ask(question)); // Gradio's buttons answer only then
  };
  // Gradio's field and button are there before they answer: what is sent in between would be lost.
  let stands = false;
  ready.then(() => { stands = true; });
  const standing = Promise.race([ready, new Promise((go) => setTimeout(go, 4000))]);
  const sendEarly = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const question = box()?.value || draft;
    standing.then(() => ask(question));
  };
  const send = (event) => {
    if (!event.isTrusted) return;
    if (!stands && !taken) { sendEarly(event); return; }
    if (pending) return; // sent twice in a hurry
    // Gradio may let one pass later too, while it draws its page anew.
    const before = taken, question = box()?.value || draft;
    setTimeout(() => { if (taken === before && question.trim()) ask(question); }, 1500);
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#envoyer")) send(event);
  }, true);
  document.addEventListener("keydown", (event) => {
    const enters = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (enters && event.target === box()) send(event);
  }, true);
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "premiere-saisie") return;
    event.preventDefault();
    askFirst(first().value);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "premiere-question" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    askFirst(first().value);
  });

  const problem = (key) => {
    const template = $(`template[data-problem="${key}"]`);
    $("#alerte")?.replaceChildren(template.content.cloneNode(true));
    if (pending) fill(pending.question);
    pending = null;
  };

  window.dts = {
    async asking(question, conversation) {
      taken += 1;
      // A question sent while the kept conversation is still being shown waits for it.
      // Shown after its answer, the conversation would wipe that out.
      await Promise.race([ready, new Promise((go) => setTimeout(go, 20_000))]);
      conversation = current ?? conversation;
      // On a busy machine the click may come before Gradio has taken in what the field holds.
      if (!(question ?? "").trim()) question = box()?.value || draft;
      draft = "";
      const asked = question.trim();
      $("#alerte")?.replaceChildren();
      if (!asked) { say(text("empty")); box()?.focus(); return [question, conversation]; }
      pending = { question: asked, since: Date.now(), misses: 0, shown: false };
      performance.mark("dts:asked");
      fresh = true;
      if (cut !== null) {
        const title = cut ? conversation.title : ""; // the first question names a conversation
        conversation = { ...conversation, title, turns: conversation.turns.slice(0, cut) };
      }
      endEdit();
      return [question, conversation];
    },
    stopped() {
      const busy = $("#direct [data-busy]");
      if (busy) {
        busy.removeAttribute("aria-busy");
        busy.removeAttribute("data-busy");
        busy.classList.add("is-stopped");
        const note = $(".stopped", busy);
        if (note) note.hidden = false;
        say(note?.textContent ?? "");
      }
      if (pending) fill(pending.question);
      pending = null;
    },
    kept(conversation) {
      current = conversation;
      if (conversation?.turns?.length) store.save(conversation);
      store.markOpen(Boolean(conversation?.turns?.length));
      drawShelf();
    },
    opening: () => toOpen ?? {},
    shown(conversation) {
      current = conversation ?? current;
      markReady();
      if (!taken && draft && !box()?.value) fill(draft);
      document.documentElement.classList.remove("resumes");
      performance.mark("dts:answering");
      drawShelf();
      const query = new URLSearchParams(location.search);
      if (query.get("q")) ask(query.get("q"));
      if (query.has("q") || query.has("fiche")) {
        history.replaceState(null, "", location.pathname);
        const field = box();
        field?.focus();
        field?.setSelectionRange?.(field.value.length, field.value.length);
      }
    },
  };

  // ---- what an answer's arrival changes -----------------------------------------------------
  let lastStatus = "";
  const settle = () => {
    handOver();
    const exchange = $("#direct .exchange");
    if (!exchange) return;
    const status = `${exchange.dataset.question}|${exchange.dataset.status}`;
    if (status === lastStatus) return;
    lastStatus = status;
    if (pending) pending.shown = true;
    sessionStorage.removeItem(AGAIN);
    say(exchange.dataset.status ?? "");
    // Once, as the question is sent: whoever scrolls while the answer comes is left where they are.
    if (fresh) { exchange.scrollIntoView({ block: "start" }); fresh = false; }
    if (exchange.dataset.busy === undefined) pending = null;
    else if (pending) pending.since = Date.now();
  };
  new MutationObserver(settle).observe(document.documentElement, { childList: true, subtree: true });

  setInterval(async () => {
    if (!pending) return;
    if (Date.now() - pending.since > 90_000) { problem("slow"); return; }
    if (Date.now() - pending.since < 2_000) return;
    const under = pending;
    try {
      const reply = await fetch("/static/ping.json", { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (!reply.ok) throw new Error(reply.status);
      under.misses = 0;
      if (pending === under && !under.shown && Date.now() - under.since > 8_000) askAnew(under.question);
    } catch {
      under.misses += 1;
      if (under.misses >= 2 && pending === under) { window.dts.stopped(); problem("lost"); fill(under.question); }
    }
  }, 1500);

  // Gradio's session does not outlive a lost connection: the question is asked again on a fresh page.
  const askOnFreshPage = (question) => location.assign(`${location.pathname}?q=${encodeURIComponent(question)}`);
  // The server shows a question as soon as it has it. When it is reached and nothing was shown, the question was lost
  // between it and Gradio's client, which would wait for ever. Once: a server that is merely busy must not lose its turn.
  const askAnew = (question) => {
    if (sessionStorage.getItem(AGAIN)) return;
    sessionStorage.setItem(AGAIN, "1");
    askOnFreshPage(question);
  };
  const retry = async () => {
    const question = box()?.value ?? "";
    try {
      if (!(await fetch("/static/ping.json", { cache: "no-store" })).ok) throw new Error("down");
      askOnFreshPage(question);
    } catch { say($("#alerte")?.textContent ?? ""); }
  };

  // ---- copy, export, share, edit ------------------------------------------------------------
  const flash = (button, message) => {
    const former = button.textContent;
    button.textContent = message;
    say(message);
    setTimeout(() => { button.textContent = former; }, 2500);
  };
  const copy = async (button, value, done) => {
    try {
      await navigator.clipboard.writeText(value);
      flash(button, done);
    } catch {
      // No clipboard outside a secure address: the text is shown, ready to be copied by hand.
      const area = document.createElement("textarea");
      area.className = "copy-fallback";
      area.readOnly = true;
      area.rows = 8;
      area.value = value;
      area.setAttribute("aria-label", text("copy_text"));
      button.parentElement.after(area);
      area.focus();
      area.select();
      say(text("copy_failed"));
    }
  };
  const exportAll = () => {
    const parts = [...document.querySelectorAll("template[data-markdown]")].map((t) => t.content.textContent);
    const url = URL.createObjectURL(new Blob([`${text("export_heading")}\n\n${parts.join("\n\n")}\n`], { type: "text/markdown" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: `${text("filename")}.md` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  const edit = (exchange) => {
    cut = Number(exchange.dataset.rank);
    fill(exchange.dataset.question);
    box()?.focus();
    const note = document.createElement("div");
    note.className = "notice";
    note.append(`${text("editing")} `);
    const cancel = note.appendChild(document.createElement("button"));
    Object.assign(cancel, { type: "button", className: "link-button", textContent: text("cancel_edit") });
    cancel.addEventListener("click", () => { endEdit(); fill(""); });
    $("#alerte")?.replaceChildren(note);
  };
  const endEdit = () => { cut = null; $("#alerte")?.replaceChildren(); };

  // ---- the list of conversations ------------------------------------------------------------
  const open = (conversation) => {
    toOpen = conversation;
    current = conversation;
    lastStatus = "";
    endEdit();
    window.dtsBridge?.open();
    $("[data-shelf]")?.removeAttribute("open");
  };
  const drawShelf = () => {
    const list = $("[data-shelf-list]");
    if (!list) return;
    const all = store.list();
    const template = $("[data-shelf-item]");
    list.replaceChildren(...all.map((conversation) => {
      const item = template.content.cloneNode(true).firstElementChild;
      item.dataset.id = conversation.id;
      $("[data-open]", item).textContent = conversation.title;
      if (conversation.id === current?.id) $("[data-open]", item).setAttribute("aria-current", "true");
      $("input", item).value = conversation.title;
      return item;
    }));
    $("[data-shelf-empty]").hidden = all.length > 0;
    $("[data-shelf-erase]").hidden = all.length === 0;
    $("[data-shelf-count]").textContent = all.length ? `(${all.length})` : "";
  };
  const shelfClick = (target) => {
    const item = target.closest("[data-shelf-list] > li");
    if (target.closest("[data-new]")) open({});
    else if (target.closest("[data-erase-all]")) {
      if (confirm(target.closest("[data-erase-all]").dataset.confirm)) { store.clear(); open({}); drawShelf(); }
    } else if (!item) return;
    else if (target.closest("[data-open]")) open(store.get(item.dataset.id));
    else if (target.closest("[data-delete]")) {
      if (!confirm(target.closest("[data-delete]").dataset.confirm)) return;
      store.remove(item.dataset.id);
      if (item.dataset.id === current?.id) open({});
      drawShelf();
    } else if (target.closest("[data-rename]") || target.closest("[data-rename-cancel]")) {
      const form = $("form", item);
      form.hidden = !target.closest("[data-rename]");
      if (!form.hidden) $("input", form).select();
    }
  };

  // ---- one listener for every button --------------------------------------------------------
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const exchange = target.closest(".exchange");
    const hit = (name) => target.closest(`[data-${name}]`);
    if (hit("ask")) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault(); // without this script, or in another tab, it is a link
      ask(hit("ask").dataset.ask);
    }
    else if (hit("retry")) retry();
    else if (hit("reload")) location.reload();
    else if (hit("copy")) copy(hit("copy"), $("[data-report]", exchange).content.textContent, text("copied"));
    else if (hit("share")) copy(hit("share"), new URL(hit("share").dataset.share, location.href).href, text("shared"));
    else if (hit("export")) exportAll();
    else if (hit("edit")) edit(exchange);
    else if (hit("chip")) {
      const card = document.getElementById(hit("chip").hash.slice(1));
      if (!card) return;
      event.preventDefault();
      document.querySelectorAll(".source.is-shown").forEach((other) => other.classList.remove("is-shown"));
      card.classList.add("is-shown");
      card.dataset.from = hit("chip").getAttribute("aria-label");
      card.scrollIntoView({ block: "nearest" });
      card.focus({ preventScroll: true });
    } else if (hit("back")) {
      event.preventDefault();
      const card = target.closest(".source");
      const chip = exchange.querySelector(`[data-chip][href="#${card.id}"]`);
      chip?.scrollIntoView({ block: "center" });
      chip?.focus({ preventScroll: true });
    } else shelfClick(target);
  });

  // On paper nothing can be unfolded.
  addEventListener("beforeprint", () => {
    document.querySelectorAll(".whole, .belongs").forEach((details) => { details.open = true; });
  });

  // ---- thumbs -------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-feedback]");
    if (!form || event.target.name !== "verdict") return;
    $(".feedback-more", form).hidden = false;
    form.querySelectorAll("[data-for]").forEach((label) => { label.hidden = label.dataset.for !== event.target.value; });
  });
  document.addEventListener("submit", async (event) => {
    const rename = event.target.closest(".shelf-rename");
    const form = event.target.closest("[data-feedback]");
    if (!rename && !form) return;
    event.preventDefault();
    if (rename) {
      const title = $("input", rename).value.trim();
      if (title) store.rename(rename.closest("li").dataset.id, title);
      drawShelf();
      return;
    }
    const values = new FormData(form);
    const turn = current?.turns?.[Number(form.closest(".exchange").dataset.rank)];
    const verdict = values.get("verdict");
    let done = false;
    try {
      done = await window.dtsBridge.feedback({
        verdict, reason: values.get(`reason_${verdict}`), comment: values.get("comment"),
        question: turn?.question, answer: turn?.answer,
      });
    } catch { /* said below */ }
    const message = document.createElement("p");
    message.className = "notice small";
    message.textContent = text(done ? "thanks" : "feedback_failed");
    if (done) form.replaceWith(message); else form.append(message);
    say(message.textContent);
  });
  performance.mark("dts:interactive"); // a question can be typed and sent
})();
