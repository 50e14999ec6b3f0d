// Draws the links that a page lists: the same entities and links, to be moved about and opened.
import cytoscape from "cytoscape";

const MOST_NAMED = 16; // links whose names are readable side by side
const MOST_NODES = 150; // drawn at once, however many have been unfolded

for (const place of document.querySelectorAll(".network[data-json]")) draw(place);

export async function draw(place) {
  // An element of this name keeps Cytoscape from writing a style into the page, which its policy would refuse.
  if (!document.getElementById("__________cytoscape_stylesheet")) place.id = "__________cytoscape_stylesheet";
  const told = listed(place.dataset.json ? document : place.parentElement);
  if (!told.edges.length) return;
  place.hidden = false;
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", place.dataset.label);
  const drawing = cytoscape({
    container: place,
    elements: elements(told, place.dataset.centre),
    style: style(place),
    userZoomingEnabled: false,
    minZoom: 0.2,
    maxZoom: 3,
  });
  arrange(drawing);
  // Where there are many links, they are named only around the entity that is pointed at.
  const tell = (links) => drawing.edges().removeClass("told") && links.addClass("told");
  const few = () => (drawing.edges().length <= MOST_NAMED ? drawing.edges() : drawing.collection());
  tell(few());
  drawing.on("mouseover tap", "node", ({ target }) => tell(target.connectedEdges()));
  drawing.on("mouseout", "node", () => tell(few()));
  drawing.on("tap", "node", async ({ target }) => {
    const address = place.dataset.more;
    if (!address || target.data("unfolded") || drawing.nodes().length >= MOST_NODES) return;
    target.data("unfolded", true);
    const answer = await fetch(`${address}${encodeURIComponent(target.id())}`, {
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) return;
    const around = await answer.json();
    const room = MOST_NODES - drawing.nodes().length;
    const fresh = around.nodes.filter(({ id }) => drawing.getElementById(id).empty()).slice(0, room);
    const near = fresh.map((each) => ({ ...each, position: { ...target.position() } }));
    add(drawing, near, around.edges);
    arrange(drawing, false);
  });
  const repaint = () => drawing.style(style(place));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}

// Reads the links that the page lists in words.
function listed(root) {
  const nodes = new Map();
  const edges = [];
  for (const item of root.querySelectorAll("ul.links > li")) {
    const [from, to] = item.querySelectorAll("[data-node]");
    for (const end of [from, to])
      nodes.set(end.dataset.node, { id: end.dataset.node, label: end.textContent.trim() });
    edges.push({
      source: from.dataset.node,
      target: to.dataset.node,
      label: item.querySelector(".by").textContent.trim(),
    });
  }
  return { nodes: [...nodes.values()], edges };
}

function elements({ nodes, edges }, centre) {
  return [
    ...nodes.map(({ position, ...data }) => ({
      group: "nodes",
      data: { ...data, short: shorten(data.label), centre: data.id === centre },
      position,
    })),
    ...edges.map((data) => ({
      group: "edges",
      data: { ...data, id: `${data.source} ${data.label} ${data.target}` },
    })),
  ];
}

function add(drawing, nodes, edges) {
  drawing.add(elements({ nodes, edges: [] }));
  const known = (id) => drawing.getElementById(id).nonempty();
  const fresh = edges.filter(
    (edge) =>
      known(edge.source) && known(edge.target) && !known(`${edge.source} ${edge.label} ${edge.target}`),
  );
  drawing.add(elements({ nodes: [], edges: fresh }));
}

function arrange(drawing, randomize = true) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  drawing
    .layout({
      name: "cose",
      randomize,
      animate: !still && !randomize,
      padding: 20,
      nodeDimensionsIncludeLabels: true,
      nodeRepulsion: () => 90000,
      idealEdgeLength: () => 90,
    })
    .run();
  if (!randomize) return;
  const wide = Math.min(Math.max(drawing.width() / drawing.height(), 1), 1.8);
  drawing.nodes().positions((node) => ({ x: node.position("x") * wide, y: node.position("y") }));
  drawing.fit(undefined, 20);
}

function shorten(label) {
  return label.length > 32 ? `${label.slice(0, 30)}…` : label;
}

function style(place) {
  const of = (name) => getComputedStyle(place).getPropertyValue(name).trim();
  return [
    {
      selector: "node",
      style: {
        label: "data(short)",
        color: of("--ink"),
        "background-color": of("--accent"),
        "font-size": 13,
        width: 14,
        height: 14,
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-wrap": "wrap",
        "text-max-width": 110,
        "text-background-color": of("--sheet"),
        "text-background-opacity": 0.8,
      },
    },
    { selector: "node[?centre]", style: { "background-color": of("--halt"), width: 22, height: 22 } },
    {
      selector: "edge",
      style: {
        color: of("--soft"),
        "font-size": 9,
        "text-rotation": "autorotate",
        "text-background-color": of("--sheet"),
        "text-background-opacity": 0.8,
        width: 1.2,
        "line-color": of("--soft"),
        "line-opacity": 0.55,
        "target-arrow-color": of("--soft"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.7,
        "curve-style": "bezier",
      },
    },
    {
      selector: "edge.told",
      style: { label: "data(label)", "line-opacity": 1, width: 2, color: of("--ink") },
    },
  ];
}
