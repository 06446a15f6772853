// The filters of the matrix, and the keys that move in it. They are kept in the address, as #chapter=2&verdict=refuted, so that a view can be shared;
// without a script there is no form, and every row is shown.
"use strict";

(() => {
  const form = document.getElementById("cl-filters");
  if (!form) return;
  const box = form.closest(".cl-matrix-box");
  const bodies = [...box.querySelectorAll("tbody")];
  const columns = [...form.elements.go.options].slice(1).map(option => option.value);
  const names = ["text", "chapter", "verdict", "go", "outcome"];

  // A cell stands for as many releases as it spans; the class of its mark is the outcome there.
  const outcomes = (row, release) => {
    const found = [];
    let place = 0;
    for (const cell of row.querySelectorAll("td.cl-cell:not(.cl-variant)")) {
      const after = place + cell.colSpan, mark = cell.querySelector(".cl-mark");
      if (mark && (!release || columns.slice(place, after).includes(release))) found.push(mark.className);
      place = after;
    }
    return found.map(name => name.replace("cl-mark cl-", ""));
  };

  const fits = (row, wanted) => {
    const says = row.querySelector("th").textContent.toLowerCase();
    if (!wanted.text.toLowerCase().split(/\s+/).every(word => says.includes(word))) return false;
    if (wanted.verdict && row.dataset.verdict !== wanted.verdict) return false;
    const flips = (row.dataset.flips || "").split(" ");
    if (wanted.outcome === "flipped") return wanted.go ? flips.includes(wanted.go) : flips[0] !== "";
    return !wanted.outcome || outcomes(row, wanted.go).includes(wanted.outcome);
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
      const known = !field.options || [...field.options].some(option => option.value === value);
      field.value = known ? value : "";
    }
    return true;
  };

  // From row to row: the arrows, and the ends. From the text box the arrow leads to the first row that is shown.
  const links = () => [...box.querySelectorAll("tr[data-verdict]:not([hidden]) th a")];
  const steps = { ArrowDown: place => place + 1, ArrowUp: place => place - 1, Home: () => 0, End: () => Infinity };
  box.addEventListener("keydown", event => {
    const field = form.elements.text, here = document.activeElement, all = links(), place = all.indexOf(here);
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || !all.length) return;
    if (place < 0 && !(here === field && event.key === "ArrowDown")) return;
    const next = step(place);
    (next < 0 ? field : all[Math.min(next, all.length - 1)]).focus();
    event.preventDefault();
  });

  form.addEventListener("input", event => event.target === form.elements.text && keep(show()));
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
