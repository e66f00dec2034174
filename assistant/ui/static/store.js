// Conversations in this browser: a list, newest first, in localStorage; nothing is sent anywhere.
(() => {
  const KEY = "dts.conversations";
  const LIMIT = 30;

  const read = () => {
    try {
      const list = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(list) ? list.filter((c) => c?.id && Array.isArray(c.turns)) : [];
    } catch { return []; }
  };
  const write = (list) => {
    // A full storage drops the oldest conversations rather than the newest.
    for (let kept = list.slice(0, LIMIT); ; kept = kept.slice(0, -1)) {
      try { localStorage.setItem(KEY, JSON.stringify(kept)); return; } catch { if (!kept.length) return; }
    }
  };

  window.dtsStore = {
    list: read,
    get: (id) => read().find((c) => c.id === id),
    save: (conversation) => {
      const former = read().find((c) => c.id === conversation.id);
      const title = former?.renamed ? former.title : conversation.title;
      write([{ ...conversation, title, renamed: former?.renamed }, ...read().filter((c) => c.id !== conversation.id)]);
    },
    rename: (id, title) => write(read().map((c) => (c.id === id ? { ...c, title, renamed: true } : c))),
    remove: (id) => write(read().filter((c) => c.id !== id)),
    clear: () => write([]),
    // Told to theme.js, which runs before anything is shown.
    markOpen: (open) => { try { open ? localStorage.setItem("dts.open", "1") : localStorage.removeItem("dts.open"); } catch { /* the welcome flashes */ } },
  };
})();
