"""Chinese text is cut alike in the index and in the reader's browser."""

import json
import shutil
import subprocess

import pytest

from claimlab.site.search_zh import SearchChinese

CASES = {
    "写屏障": ["写屏", "屏障"],
    "扩容": ["扩容"],
    "桶": ["桶"],
    "map 扩容时的写屏障": ["map", "扩容", "容时", "时的", "的写", "写屏", "屏障"],
    "runtime.mapassign_fast64 与 sync.Map": ["runtime", "mapassign_fast64", "与", "sync", "Map"],
    "并发写map": ["并发", "发写", "map"],
    "": [],
    "，。!": [],
}


@pytest.mark.parametrize("text", CASES)
def test_pages_are_cut_into_pairs_and_words_and_into_single_characters(text: str) -> None:
    found = SearchChinese({}).split(text)
    assert set(found) == {
        *CASES[text],
        *(character for character in text if character > "\u3400" and character < "\ua000"),
    }


def test_queries_are_cut_like_pages() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the browser tests search in Chinese too")
    script = f"{SearchChinese.js_splitter_code}\nconsole.log(JSON.stringify({json.dumps(list(CASES))}.map(splitQuery)))"
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == list(CASES.values())


def test_english_words_are_stemmed_and_numbers_are_left_out() -> None:
    language = SearchChinese({})
    assert language.stem("Buckets") == "bucket"
    assert not language.word_filter("123")
