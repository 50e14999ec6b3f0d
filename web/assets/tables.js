// Dresses an answer: columns of its table can be sorted, commands can be copied, its links can be drawn.
export function dress(place) {
  for (const table of place.querySelectorAll("#answer table")) sortable(table);
  for (const network of place.querySelectorAll("#answer .network[data-script]")) {
    if (network.dataset.script) import(network.dataset.script).then((module) => module.draw(network));
  }
}

function sortable(table) {
  const body = table.tBodies[0];
  const language = document.documentElement.lang;
  const compare = new Intl.Collator(language, { numeric: true }).compare;
  for (const [index, header] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const upwards = header.getAttribute("aria-sort") !== "ascending";
      for (const each of header.parentNode.cells) each.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", upwards ? "ascending" : "descending");
      const key = (row) =>
        row.cells[index].querySelector("time")?.dateTime ?? row.cells[index].textContent.trim();
      const rows = [...body.rows].map((row) => [key(row), row]);
      rows.sort(([one], [other]) => (upwards ? compare(one, other) : compare(other, one)));
      body.append(...rows.map(([, row]) => row));
    });
  }
}
