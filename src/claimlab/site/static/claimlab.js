// The filters of the matrix. They are kept in the address, as #chapter=2&verdict=refuted, so that a view can be shared;
// without a script there is no form, and every row is shown.
"use strict";

(() => {
  const form = document.getElementById("cl-filters");
  if (!form) return;
  const box = form.closest(".cl-matrix-box");
  const bodies = [...box.querySelectorAll("tbody")];
  const columns = [...form.elements.go.options].slice(1).map(option => option.value);
  const names = ["chapter", "verdict", "go", "outcome"];

  const outcomeOn = (row, release) => {
    const cells = row.querySelectorAll("td.cl-cell:not(.cl-variant)");
    const cell = cells.length === 1 ? cells[0] : cells[columns.indexOf(release)];
    return cell ? cell.dataset.outcome : undefined;
  };

  const fits = (row, wanted) => {
    if (wanted.verdict && row.dataset.verdict !== wanted.verdict) return false;
    const flips = row.dataset.flips.split(" ");
    if (wanted.outcome === "flipped") return wanted.go ? flips.includes(wanted.go) : flips[0] !== "";
    if (!wanted.outcome) return true;
    return (wanted.go ? [wanted.go] : columns).some(release => outcomeOn(row, release) === wanted.outcome);
  };

  const show = () => {
    const wanted = Object.fromEntries(names.map(name => [name, form.elements[name].value]));
    let shown = 0, all = 0;
    for (const body of bodies) {
      let any = false;
      for (const row of body.querySelectorAll("tr[data-verdict]")) {
        const visible = (!wanted.chapter || body.dataset.chapter === wanted.chapter) && fits(row, wanted);
        row.hidden = !visible;
        any ||= visible;
        shown += visible;
        all += 1;
      }
      body.hidden = !any;
    }
    const column = columns.indexOf(wanted.go);
    box.querySelectorAll(".cl-chosen").forEach(cell => cell.classList.remove("cl-chosen"));
    if (column >= 0) box.querySelectorAll("thead th.cl-cell:not(.cl-variant)")[column].classList.add("cl-chosen");
    const output = form.querySelector("output");
    output.textContent = output.dataset.template.replace("%s", shown).replace("%a", all);
    return wanted;
  };

  const keep = wanted => {
    const set = names.filter(name => wanted[name]);
    const address = set.map(name => `${name}=${encodeURIComponent(wanted[name])}`).join("&");
    history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
  };

  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (!names.some(name => asked.has(name))) return false;
    for (const name of names) {
      const field = form.elements[name], value = asked.get(name) || "";
      field.value = [...field.options].some(option => option.value === value) ? value : "";
    }
    return true;
  };

  form.addEventListener("change", () => keep(show()));
  form.addEventListener("reset", () => setTimeout(() => keep(show())));
  form.addEventListener("submit", event => event.preventDefault());
  const arrive = () => {
    const asked = read();
    show();
    if (asked) box.scrollIntoView();
  };
  window.addEventListener("hashchange", arrive);
  window.addEventListener("load", arrive);  // not before: the page would be scrolled back to its top
  form.hidden = false;
  show();
})();
