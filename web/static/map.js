/* Highlights an area of the map and its row in the table together, and zooms the map. */
"use strict";

const ZOOM_STEP = 1.5;
const MAX_ZOOM = 12;
const DRAG_THRESHOLD = 5; // pixels that the pointer moves before it drags the map

const map = document.querySelector("svg.map");
const readViewBox = (svg) => svg.getAttribute("viewBox").split(" ").map(Number);
const [fullX, fullY, fullWidth, fullHeight] = readViewBox(map);
const swatches = [...document.querySelectorAll(".swatch")].map((swatch) => [swatch, readViewBox(swatch)]);
let viewBox = [fullX, fullY, fullWidth, fullHeight];

/* The area on the map and its row in the table have the same code. */
const codes = new Map([...document.querySelectorAll("[data-code]")].map((each) => [each, each.dataset.code]));

function highlight(code, isHovered) {
  for (const [element, each] of codes) if (each === code) element.classList.toggle("hovered", isHovered);
}

for (const [element, code] of codes) {
  element.addEventListener("pointerenter", () => highlight(code, true));
  element.addEventListener("pointerleave", () => highlight(code, false));
  element.addEventListener("focusin", () => highlight(code, true));
  element.addEventListener("focusout", () => highlight(code, false));
}

const centre = () => [viewBox[0] + viewBox[2] / 2, viewBox[1] + viewBox[3] / 2];
const currentZoom = () => fullWidth / viewBox[2];

/* Shows the map around a point, within its bounds, with patterns as large as before. */
function zoomTo(x, y, zoom) {
  const scale = Math.min(Math.max(zoom, 1), MAX_ZOOM);
  const [width, height] = [fullWidth / scale, fullHeight / scale];
  const clamp = (middle, size, start, fullSize) =>
    Math.min(Math.max(middle - size / 2, start), start + fullSize - size);
  viewBox = [clamp(x, width, fullX, fullWidth), clamp(y, height, fullY, fullHeight), width, height];
  map.setAttribute("viewBox", viewBox.join(" "));
  for (const pattern of map.querySelectorAll("pattern")) {
    pattern.setAttribute("patternTransform", `scale(${Number(pattern.dataset.scale) / scale})`);
  }
  for (const [swatch, size] of swatches) swatch.setAttribute("viewBox", `0 0 ${size[2] / scale} ${size[3] / scale}`);
}

function createButton(text, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", onClick);
  return button;
}

const zoomButtons = document.createElement("div");
zoomButtons.className = "zoom-buttons";
zoomButtons.append(
  createButton(map.dataset.nearer, () => zoomTo(...centre(), currentZoom() * ZOOM_STEP)),
  createButton(map.dataset.farther, () => zoomTo(...centre(), currentZoom() / ZOOM_STEP)),
  createButton(map.dataset.whole, () => zoomTo(...centre(), 1)),
);
map.before(zoomButtons);

/* When zoomed, the map can be dragged; a click on an area without dragging still follows its link. */
let drag = null;
map.addEventListener("pointerdown", (event) => {
  if (event.button === 0 && currentZoom() > 1) {
    drag = { x: event.clientX, y: event.clientY, centre: centre(), hasMoved: false };
  }
});
window.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const unitsPerPixel = viewBox[2] / map.clientWidth;
  const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
  drag.hasMoved ||= Math.hypot(right, down) > DRAG_THRESHOLD;
  if (!drag.hasMoved) return;
  zoomTo(drag.centre[0] - right * unitsPerPixel, drag.centre[1] - down * unitsPerPixel, currentZoom());
});
window.addEventListener("pointerup", () => setTimeout(() => { drag = null; })); // after the click
map.addEventListener("click", (event) => { if (drag?.hasMoved) event.preventDefault(); }, true);
map.addEventListener("dragstart", (event) => event.preventDefault());

/* When zoomed, the map follows the keyboard focus. (A listener on the map itself would make it a tab stop.) */
map.parentElement.addEventListener("focusin", (event) => {
  if (currentZoom() === 1 || !map.contains(event.target)) return;
  const box = event.target.getBBox();
  zoomTo(box.x + box.width / 2, box.y + box.height / 2, currentZoom());
});
