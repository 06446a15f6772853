"""Search in Chinese: pages and queries are cut alike, into pairs of neighbouring characters and words of Latin letters.

Sphinx's own way needs a dictionary, cuts a query another way than the pages, and in 9.0 its script is broken (sphinx
issue 14229). Pairs find every phrase of two characters or more; of pages the single characters are known, too, for who
asks for one alone.
"""

import re
from typing import Final

from sphinx.search.en import SearchEnglish

_RUNS: Final = re.compile(r"[\u3400-\u9fff]+|[A-Za-z0-9_]+")


class SearchChinese(SearchEnglish):
    """English words are stemmed as in English; what is between them goes by pairs."""

    lang = "zh"
    js_splitter_code = r"""
function splitQuery(query) {
  const found = [];
  for (const [run] of query.matchAll(/[\u3400-\u9fff]+|[A-Za-z0-9_]+/g)) {
    if (/[A-Za-z0-9_]/.test(run[0]) || run.length < 3) found.push(run);
    else for (let i = 0; i + 1 < run.length; i++) found.push(run.slice(i, i + 2));
  }
  return found;
}
"""

    def split(self, input: str) -> list[str]:
        found: list[str] = []
        for run in _RUNS.findall(input):
            if run[0].isascii() or len(run) < 2:
                found.append(run)
            else:
                found += run
                found += (run[place : place + 2] for place in range(len(run) - 1))
        return found
