// Draws the links that a page lists as a graph: the same entities and links, to be moved and unfolded.
import cytoscape from "cytoscape";

const MAX_LABELLED_EDGES = 16; // with more, only those of the node under the pointer are labelled
const MAX_NODES = 150; // drawn at once, however many have been unfolded
const MAX_LABEL_LENGTH = 32; // characters

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
      nodes.set(dataset.node, { id: dataset.node, label: textContent.trim() });
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

function shorten(label) {
  return label.length > MAX_LABEL_LENGTH ? `${label.slice(0, MAX_LABEL_LENGTH - 2)}…` : label;
}

// Labels all edges if they are few, else those of the node under the pointer.
function labelEdges(graph) {
  const show = (edges) => graph.edges().removeClass("labelled") && edges.addClass("labelled");
  const showDefault = () =>
    show(graph.edges().length <= MAX_LABELLED_EDGES ? graph.edges() : graph.collection());
  showDefault();
  graph.on("mouseover tap", "node", ({ target }) => show(target.connectedEdges()));
  graph.on("mouseout", "node", showDefault);
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
  const stretch = Math.min(Math.max(graph.width() / graph.height(), 1), 1.8);
  graph.nodes().positions((node) => ({ x: node.position("x") * stretch, y: node.position("y") }));
  graph.fit(undefined, 20);
}

function graphStyle(container) {
  const colour = (name) => getComputedStyle(container).getPropertyValue(name).trim();
  return [
    {
      selector: "node",
      style: {
        label: "data(shortLabel)",
        color: colour("--text"),
        "background-color": colour("--accent"),
        "font-size": 13,
        width: 14,
        height: 14,
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-wrap": "wrap",
        "text-max-width": 110,
        "text-background-color": colour("--surface"),
        "text-background-opacity": 0.8,
      },
    },
    { selector: "node[?centre]", style: { "background-color": colour("--red"), width: 22, height: 22 } },
    {
      selector: "edge",
      style: {
        color: colour("--muted-text"),
        "font-size": 9,
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
