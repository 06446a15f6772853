// The page of the search: hits in the order of how well they fit, each with its verdict and a line of text. Both come
// from search_hits.js; Sphinx finds the pages, and asks Scorer for their order.
"use strict";

const claimlabSearch = (() => {
  const TITLE = 3, LINE = 2, NEIGHBOURS = 0.5;
  let wanted = null;  // the tokens of the query, and how much each says

  const tokens = text => {
    const stemmer = new Stemmer();
    const found = text.toLowerCase().match(/\d+(?:\.\d+)+|[\u3400-\u9fff]|[a-z0-9_]+/g) || [];
    return found.filter(one => !stopwords.has(one)).map(one => /^[a-z_]/.test(one) ? stemmer.stemWord(one) : one);
  };

  const weigh = () => {
    const query = tokens(new URLSearchParams(location.search).get("q") || "");
    const index = Search._index;
    const pages = index.docnames.map((name, place) => new Set(tokens(`${index.titles[place]} ${(claimlabHits[name] || [])[2] || ""}`)));
    const weights = new Map(query.map(one => [one, Math.log(1 + pages.length / (1 + pages.filter(page => page.has(one)).length))]));
    return { query, weights };
  };

  const score = ([page, title, anchor, , given]) => {
    wanted ||= weigh();
    const { query, weights } = wanted;
    const said = tokens(title), inTitle = new Set(said), inLine = new Set(tokens((claimlabHits[page] || [])[2] || ""));
    let sum = 0;
    for (const [one, weight] of weights) sum += weight * (inTitle.has(one) ? TITLE : inLine.has(one) ? LINE : 0);
    for (let place = 0; place + 1 < query.length; place++) {
      const [one, other] = query.slice(place, place + 2);
      if (said.some((token, at) => token === one && said[at + 1] === other)) sum += NEIGHBOURS * (weights.get(one) + weights.get(other));
    }
    return sum / (1 + said.length / 100) * (anchor ? 0.8 : 1) + given / 1000;
  };

  const complete = item => {
    const link = item.querySelector("a");
    const [kind, word, line] = claimlabHits[link.getAttribute("href").replace(/\.html.*$/, "")] || ["", "", ""];
    const add = (name, classes, text, place) => {
      const made = document.createElement(name);
      made.className = classes;
      made.textContent = text;
      item.insertBefore(made, place);
    };
    if (word) {
      add("span", `cl-badge ${kind}`, word, link);
      item.insertBefore(document.createTextNode(" "), link);
    }
    if (line) add("p", "cl-hit", line, null);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const results = document.getElementById("search-results");
    if (!results) return;
    new MutationObserver(changes => {
      for (const change of changes)
        for (const node of change.addedNodes) if (node.nodeName === "LI") complete(node);
    }).observe(results, { childList: true, subtree: true });
  });
  return { score };
})();

var Scorer = {
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  score: claimlabSearch.score,
};
