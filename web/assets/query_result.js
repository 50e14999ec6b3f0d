// Enhances the result of a query: the columns of its table can be sorted, its links are drawn as a graph.
export function enhanceResult(root) {
  for (const table of root.querySelectorAll("#answer table")) makeSortable(table);
  for (const link of root.querySelectorAll("#answer a.chart-file")) addPngLink(link);
  for (const container of root.querySelectorAll("#answer .graph-view[data-script]")) {
    const { script } = container.dataset;
    if (script) import(script).then(({ drawGraph }) => drawGraph(container));
  }
}

// Adds a link that saves the chart as PNG: the SVG file, drawn at twice its size.
function addPngLink(link) {
  const png = document.createElement("a");
  png.textContent = link.dataset.png;
  png.href = link.href;
  link.after(png);
  png.addEventListener("click", async (event) => {
    event.preventDefault();
    const text = await (await fetch(link.href)).text();
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const file = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const saved = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(file),
      download: "utsaga.png",
    });
    saved.click();
    setTimeout(() => URL.revokeObjectURL(saved.href), 1000);
  });
}

function makeSortable(table) {
  for (const [column, header] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort-button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const ascending = header.getAttribute("aria-sort") !== "ascending";
      for (const cell of header.parentNode.cells) cell.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      sortRows(table.tBodies[0], column, ascending);
    });
  }
}

function sortRows(body, column, ascending) {
  const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const keyed = [...body.rows].map((row) => [sortKey(row.cells[column]), row]);
  keyed.sort(([first], [second]) => (ascending ? compare(first, second) : compare(second, first)));
  body.append(...keyed.map(([, row]) => row));
}

function sortKey(cell) {
  return cell.querySelector("time")?.dateTime ?? cell.textContent.trim();
}
