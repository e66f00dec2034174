// The network's picture: links of the fiche under the pointer or the focus stand out; arrows go round the circle.
(() => {
  let net, side, nodes, edges;

  const light = (id) => {
    const near = new Set([id]);
    for (const edge of edges) {
      const touches = edge.dataset.s === id || edge.dataset.t === id;
      edge.classList.toggle("hot", touches);
      if (touches) { near.add(edge.dataset.s); near.add(edge.dataset.t); }
    }
    for (const node of nodes) node.classList.toggle("hot", near.has(node.dataset.id));
    net.classList.add("is-hot");
    const node = nodes.find((n) => n.dataset.id === id);
    if (side) side.textContent = node.getAttribute("aria-label");
  };
  const dim = () => {
    net.classList.remove("is-hot");
    for (const item of [...edges, ...nodes]) item.classList.remove("hot");
    if (side) side.textContent = side.dataset.empty;
  };

  const setUp = () => {
    net = document.querySelector("[data-net]");
    if (!net) return;
    side = document.querySelector("[data-net-hover]");
    nodes = [...net.querySelectorAll(".node")];
    edges = [...net.querySelectorAll(".edge")];
    // One stop for the Tab key, then arrows: forty-one stops would keep a keyboard user in the picture.
    const first = nodes.find((n) => n.classList.contains("centre")) ?? nodes[0];
    for (const node of nodes) node.setAttribute("tabindex", node === first ? "0" : "-1");
    for (const node of nodes) {
      node.addEventListener("mouseenter", () => light(node.dataset.id));
      node.addEventListener("mouseleave", dim);
      node.addEventListener("focus", () => light(node.dataset.id));
      node.addEventListener("blur", dim);
    }
    net.addEventListener("keydown", (event) => {
      const at = nodes.indexOf(document.activeElement);
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const to = event.key === "Home" ? 0 : event.key === "End" ? nodes.length - 1 : step && (at + step + nodes.length) % nodes.length;
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      nodes[at].setAttribute("tabindex", "-1");
      nodes[to].setAttribute("tabindex", "0");
      nodes[to].focus();
    });
  };
  setUp();
  document.addEventListener("live:updated", setUp);
})();
