/* Shows on the map which row of the table is pointed at, and the other way round, and draws the map nearer. */
"use strict";

const map = document.querySelector("svg.map");
const codes = new Map([...document.querySelectorAll("[data-code]")].map((each) => [each, each.dataset.code]));
const boxOf = (each) => each.getAttribute("viewBox").split(" ").map(Number);
const whole = boxOf(map);
const swatches = [...document.querySelectorAll(".swatch")].map((each) => [each, boxOf(each)]);
const STEP = 1.5;
const NEAREST = 12;
let view = [...whole];

function point(target, on) {
  const code = codes.get(target.closest("[data-code]"));
  for (const [each, own] of codes) if (own === code) each.classList.toggle("pointed", on);
}

for (const each of codes.keys()) {
  each.addEventListener("pointerenter", () => point(each, true));
  each.addEventListener("pointerleave", () => point(each, false));
  each.addEventListener("focusin", () => point(each, true));
  each.addEventListener("focusout", () => point(each, false));
}

/* Shows the part of the map with that middle, so many times as near as the whole. */
function look(x, y, nearness) {
  const near = Math.min(Math.max(nearness, 1), NEAREST);
  const [width, height] = [whole[2] / near, whole[3] / near];
  const keep = (middle, size, first, all) => Math.min(Math.max(middle - size / 2, first), first + all - size);
  view = [keep(x, width, whole[0], whole[2]), keep(y, height, whole[1], whole[3]), width, height];
  map.setAttribute("viewBox", view.join(" "));
  for (const pattern of map.querySelectorAll("pattern")) {
    const scale = Number(pattern.dataset.scale) / near;
    pattern.setAttribute("patternTransform", `scale(${scale})`);
  }
  for (const [swatch, size] of swatches) swatch.setAttribute("viewBox", `0 0 ${size[2] / near} ${size[3] / near}`);
}

const middle = () => [view[0] + view[2] / 2, view[1] + view[3] / 2];
const nearness = () => whole[2] / view[2];

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

const buttons = document.createElement("div");
buttons.className = "nearness";
buttons.append(
  button(map.dataset.nearer, () => look(...middle(), nearness() * STEP)),
  button(map.dataset.farther, () => look(...middle(), nearness() / STEP)),
  button(map.dataset.whole, () => look(...middle(), 1)),
);
map.before(buttons);

/* Where the map is drawn nearer, it follows a pointer that is held down; a click on an area stays a click. */
let held = null;
map.addEventListener("pointerdown", (event) => {
  if (event.button === 0 && nearness() > 1) held = { x: event.clientX, y: event.clientY, at: middle(), moved: false };
});
window.addEventListener("pointermove", (event) => {
  if (!held) return;
  const unit = view[2] / map.clientWidth;
  const [right, down] = [event.clientX - held.x, event.clientY - held.y];
  held.moved ||= Math.hypot(right, down) > 5;
  if (held.moved) look(held.at[0] - right * unit, held.at[1] - down * unit, nearness());
});
window.addEventListener("pointerup", () => setTimeout(() => { held = null; }));
map.addEventListener("click", (event) => { if (held?.moved) event.preventDefault(); }, true);
map.addEventListener("dragstart", (event) => event.preventDefault());

/* Where a keyboard goes, the map goes along. (A listener on the map itself would make it a stop on the way.) */
map.parentElement.addEventListener("focusin", (event) => {
  if (nearness() === 1 || !map.contains(event.target)) return;
  const box = event.target.getBBox();
  look(box.x + box.width / 2, box.y + box.height / 2, nearness());
});
