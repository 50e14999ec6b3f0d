// Draws the links that a page lists as a graph: the same entities and links, to be moved and unfolded.
import cytoscape from "cytoscape";

const MAX_LABELLED_EDGES = 16; // with more, only those of the node under the pointer are labelled
const MAX_NODES = 150; // drawn at once, however many have been unfolded
const MAX_LABEL_LENGTH = 48; // characters
const FONT_SIZE = 12; // pixels on the screen, however far the graph is zoomed out
const LABEL_WIDTH = 125; // pixels
const STAR = [
  [0, -1, 0.24, -0.3, 1, -0.3, 0.38, 0.14, 0.62, 0.85],
  [0, 0.42, -0.62, 0.85, -0.38, 0.14, -1, -0.3, -0.24, -0.3],
].flat();
const PLUS = [
  [-0.35, -1, 0.35, -1, 0.35, -0.35, 1, -0.35, 1, 0.35, 0.35, 0.35],
  [0.35, 1, -0.35, 1, -0.35, 0.35, -1, 0.35, -1, -0.35, -0.35, -0.35],
].flat();
const SQUARE = [-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9];
const SHAPES = {
  organisation: ["ellipse", "--accent"],
  person: [[0, -1, 1, 0, 0, 1, -1, 0], "--purple"], // diamond
  product: [SQUARE, "--amber"],
  law: [[-0.5, -1, 0.5, -1, 1, 0, 0.5, 1, -0.5, 1, -1, 0], "--red"], // hexagon
  statement: ["round-rectangle", "--green"],
  adoption: [[0, -1, 1, 1, -1, 1], "--accent"], // triangle
  assessment: [[-1, -1, 0, -0.33, 1, -1, 0, 1], "--red"], // arrowhead
  observation: [[0, -1, 1, -0.24, 0.62, 1, -0.62, 1, -1, -0.24], "--green"], // pentagon
  source: [[-1, -1, 0.25, -1, 1, 0, 0.25, 1, -1, 1], "--muted-text"], // tag
  passage: [[-1, -0.6, 1, -0.6, 0.5, 0, 1, 0.6, -1, 0.6, -0.5, 0], "--muted-text"], // waisted strip
  place: [[-0.4, -1, 0.4, -1, 1, -0.4, 1, 0.4, 0.4, 1, -0.4, 1, -1, 0.4, -1, -0.4], "--purple"], // octagon
  code: [STAR, "--amber"],
  detail: [PLUS, "--green"],
  resource: [[-1, -0.8, 0.33, -0.8, 1, 0.8, -0.33, 0.8], "--muted-text"], // parallelogram
}; // names or corners, from -1 to 1, and colours of nodes by kind; the shape tells kinds apart without the colour

for (const container of document.querySelectorAll(".graph-view[data-json]")) drawGraph(container);

export async function drawGraph(container) {
  // An element with this id keeps Cytoscape from adding a style element, which the policy of the pages forbids.
  if (!document.getElementById("__________cytoscape_stylesheet")) container.id = "__________cytoscape_stylesheet";
  const { nodes, edges } = readLinks(container.dataset.json ? document : container.parentElement);
  if (!edges.length) return;
  container.hidden = false;
  container.setAttribute("role", "img");
  container.setAttribute("aria-label", container.dataset.label);
  const graph = cytoscape({
    container,
    elements: [...nodes.map((node) => nodeElement(node, container.dataset.centre)), ...edges.map(edgeElement)],
    style: graphStyle(container),
    userZoomingEnabled: false,
    minZoom: 0.2,
    maxZoom: 3,
  });
  runLayout(graph);
  labelEdges(graph);
  placeLabels(graph);
  graph.on("zoom layoutstop resize dragfree", () => placeLabels(graph));
  showLegend(graph, container);
  graph.on("add", "node", () => showLegend(graph, container));
  graph.on("tap", "node", ({ target }) => unfold(graph, target, container.dataset.more));
  window
    .matchMedia("(prefers-color-scheme: dark)")
    .addEventListener("change", () => graph.style(graphStyle(container)));
}

// Reads the links from the list on the page.
function readLinks(root) {
  const nodes = new Map();
  const edges = [];
  for (const item of root.querySelectorAll("ul.graph-links > li")) {
    const [source, target] = item.querySelectorAll("[data-node]");
    for (const { dataset, textContent } of [source, target]) {
      nodes.set(dataset.node, { id: dataset.node, kind: dataset.kind, label: textContent.trim() });
    }
    edges.push({
      source: source.dataset.node,
      target: target.dataset.node,
      label: item.querySelector(".predicate").textContent.trim(),
    });
  }
  return { nodes: [...nodes.values()], edges };
}

function nodeElement(node, centre, position) {
  const data = { ...node, shortLabel: shorten(node.label), centre: node.id === centre };
  return { group: "nodes", data, position };
}

function edgeElement(edge) {
  return { group: "edges", data: { ...edge, id: `${edge.source} ${edge.label} ${edge.target}` } };
}

// Returns a label that is not too long, with places at which an address may be broken.
function shorten(text) {
  const label = /\s/.test(text) ? text : text.replace(/[/_#-]/g, "$&\u200b");
  return label.length > MAX_LABEL_LENGTH ? `${label.slice(0, MAX_LABEL_LENGTH - 2)}…` : label;
}

// Keeps labels at a size that can be read, and hides those that would cover another: of nodes with fewer links.
function placeLabels(graph) {
  const taken = graph.nodes().map((node) => nodeBox(node.renderedPosition()));
  const important = graph.nodes().sort((first, second) => rank(second) - rank(first));
  graph.batch(() => {
    graph.nodes().style({
      "font-size": FONT_SIZE / graph.zoom(),
      "text-max-width": LABEL_WIDTH / graph.zoom(),
      width: (first) => (first.data("centre") ? 22 : 15) / Math.min(graph.zoom(), 1),
      height: (first) => (first.data("centre") ? 22 : 15) / Math.min(graph.zoom(), 1),
    });
    for (const node of important) {
      const { x, y } = node.renderedPosition();
      const width = Math.min(node.data("shortLabel").length * FONT_SIZE * 0.55, LABEL_WIDTH) / 2;
      const lines = Math.ceil((node.data("shortLabel").length * FONT_SIZE * 0.6) / LABEL_WIDTH);
      const box = { left: x - width, right: x + width, top: y + 10, bottom: y + 14 + lines * FONT_SIZE * 1.2 };
      const isFree = taken.every((each) => !overlaps(each, box));
      if (isFree) taken.push(box);
      node.toggleClass("unlabelled", !isFree);
    }
  });
}

function nodeBox({ x, y }) {
  return { left: x - 8, right: x + 8, top: y - 8, bottom: y + 8 };
}

function rank(node) {
  return node.degree() + (node.data("centre") ? 1000 : 0);
}

function overlaps(first, second) {
  return (
    first.left < second.right && second.left < first.right && first.top < second.bottom && second.top < first.bottom
  );
}

// Draws the legend of the kinds in the graph, in the same shapes and colours.
function showLegend(graph, container) {
  const legend = container.nextElementSibling;
  if (!legend?.matches(".graph-legend")) return;
  const kinds = new Set(graph.nodes().map((node) => node.data("kind")));
  for (const entry of legend.querySelectorAll("[data-kind]")) {
    entry.hidden = !kinds.has(entry.dataset.kind);
    if (!entry.querySelector("svg")) entry.prepend(drawShape(entry.dataset.kind));
  }
  legend.hidden = false;
}

// Returns the shape of a kind of nodes as SVG.
function drawShape(kind) {
  const [shape, colour] = SHAPES[kind];
  const svg = svgElement("svg", { viewBox: "-1 -1 2 2", "aria-hidden": "true" });
  if (shape === "ellipse") svg.append(svgElement("circle", { r: "1" }));
  else if (shape === "round-rectangle") {
    svg.append(
      svgElement("rect", { x: "-.86", y: "-.86", width: "1.72", height: "1.72", rx: ".35", class: "outlined" }),
    );
  } else svg.append(svgElement("polygon", { points: shape.join(" ") }));
  svg.style.color = `var(${colour})`;
  return svg;
}

function svgElement(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function shapeOf(node) {
  return (SHAPES[node.data("kind")] ?? SHAPES.resource)[0];
}

// Labels all edges if they are few, else those of the node under the pointer.
function labelEdges(graph) {
  const show = (edges) => graph.edges().removeClass("labelled") && edges.addClass("labelled");
  const showDefault = () =>
    show(graph.edges().length <= MAX_LABELLED_EDGES ? graph.edges() : graph.collection());
  showDefault();
  graph.on("mouseover tap", "node", ({ target }) => {
    show(target.connectedEdges());
    target.addClass("pointed");
  });
  graph.on("mouseout", "node", ({ target }) => {
    showDefault();
    target.removeClass("pointed");
  });
}

// Adds the neighbours of a node to the graph, once; `address` is that of their document, without the node's IRI.
async function unfold(graph, node, address) {
  if (!address || node.data("unfolded") || graph.nodes().length >= MAX_NODES) return;
  node.data("unfolded", true);
  const response = await fetch(`${address}${encodeURIComponent(node.id())}`, {
    headers: { Accept: "application/json" },
  });
  if (!response.ok) return;
  const { nodes, edges } = await response.json();
  const isDrawn = (id) => graph.getElementById(id).nonempty();
  const newNodes = nodes.filter(({ id }) => !isDrawn(id)).slice(0, MAX_NODES - graph.nodes().length);
  graph.add(newNodes.map((each) => nodeElement(each, undefined, { ...node.position() })));
  const newEdges = edges.map(edgeElement).filter(({ data }) => !isDrawn(data.id));
  graph.add(newEdges.filter(({ data }) => isDrawn(data.source) && isDrawn(data.target)));
  runLayout(graph, false);
}

function runLayout(graph, randomize = true) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  graph
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
  const { w, h } = graph.nodes().boundingBox({ includeLabels: false });
  const stretch = Math.min(Math.max((graph.width() / graph.height()) * (h / (w || 1)), 1), 4);
  graph.nodes().positions((node) => ({ x: node.position("x") * stretch, y: node.position("y") }));
  graph.fit(undefined, 40);
}

function graphStyle(container) {
  const colour = (name) => getComputedStyle(container).getPropertyValue(name).trim();
  return [
    {
      selector: "node",
      style: {
        label: "data(shortLabel)",
        color: colour("--text"),
        "background-color": (node) => colour((SHAPES[node.data("kind")] ?? SHAPES.resource)[1]),
        shape: (node) => (Array.isArray(shapeOf(node)) ? "polygon" : shapeOf(node)),
        "shape-polygon-points": (node) => (Array.isArray(shapeOf(node)) ? shapeOf(node) : SQUARE),
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-wrap": "wrap",
        "text-background-color": colour("--surface"),
        "text-background-opacity": 0.8,
      },
    },
    { selector: "node.unlabelled", style: { "text-opacity": 0, "text-background-opacity": 0 } },
    {
      selector: "node.pointed",
      style: { "text-opacity": 1, "text-background-opacity": 1, "z-index": 9 },
    },
    {
      selector: "node[kind = 'statement']",
      style: { "background-opacity": 0.15, "border-width": 2, "border-color": colour("--green") },
    },
    { selector: "node[?centre]", style: { "border-width": 3, "border-color": colour("--text") } },
    {
      selector: "edge",
      style: {
        color: colour("--muted-text"),
        "font-size": 11,
        "text-rotation": "autorotate",
        "text-background-color": colour("--surface"),
        "text-background-opacity": 0.8,
        width: 1.2,
        "line-color": colour("--muted-text"),
        "line-opacity": 0.55,
        "target-arrow-color": colour("--muted-text"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.7,
        "curve-style": "bezier",
      },
    },
    {
      selector: "edge.labelled",
      style: { label: "data(label)", "line-opacity": 1, width: 2, color: colour("--text") },
    },
  ];
}
