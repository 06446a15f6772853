"""What people get wrong, as data: each is done to a small project, and a command is run there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

Change = tuple[str, str] | str | bytes | None
"""A piece of the file's text and what stands in its place, or all of its content; None: there is no such file."""
CLAIMS: Final = "labs/ch9_things/claims.toml"
ARTICLE: Final = "labs/article.toml"
PROJECT: Final = "claimlab.toml"
PINS: Final = "toolchains.toml"
LAB: Final = "labs/ch9_things/tiny/lab.py"
JUDGES: Final = "labs/ch9_things/tiny/judges.py"
ZEROS: Final = "0" * 64
PINNED: Final = f'{{version = "1.27.3", linux_x86_64 = "{ZEROS}", linux_aarch64 = "{ZEROS}"}}'
LIST: Final = ("--list",)
VERDICTS: Final = ("verdicts",)
TINY: Final = ("lab.tiny", "--engine", "local", "--go", "1.27.3")
"""Where the lab cannot be used, nothing is measured."""


@dataclass(frozen=True)
class Wrong:
    """Something that is wrong, and what is said of it."""

    says: str
    """As the page of faults has it: ``…`` stands for whatever differs from case to case."""
    exit_code: int
    files: Mapping[str, Change] = field(default_factory=dict)
    command: tuple[str, ...] = VERDICTS

    def bring_about(self, root: Path) -> None:
        for name, change in self.files.items():
            path = root / name
            if change is None:
                path.unlink()
            elif isinstance(change, tuple):
                text = path.read_text(encoding="utf-8")
                assert change[0] in text
                path.write_text(text.replace(*change), encoding="utf-8")
            elif isinstance(change, bytes):
                path.write_bytes(change)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(change, encoding="utf-8")


def claims(old: str, new: str, says: str) -> Wrong:
    return Wrong(f"claims.toml: {says}", 1, {CLAIMS: (old, new)})


def pins(text: str, says: str) -> Wrong:
    return Wrong(f"toolchains.toml: {says}", 1, {PINS: text}, ("toolchains.list",))


def lab(files: Mapping[str, Change], says: str) -> Wrong:
    return Wrong(says, 1, files, TINY)


ID: Final = 'id = "9.1-a"'
SAYS: Final = 'en = "The number is even."'
SECTION: Final = '[[section]]\nid = "9.1"\ntitle = { en = "a", zh = "b" }\n'
BANANA: Final = f'releases = [{{version = "banana", linux_x86_64 = "{ZEROS}"}}]'
ATTIC: Final = f'releases = [{PINNED[:-1]}, origin = "attic"}}]'
MINE: Final = '[extensions.engines]\nmine = "nowhere:x"\n[limits]'
WRONG: Final = [
    # data
    claims("number = 9\n", 'number = 9\ntitel = "x"\n', "chapter: there is no key titel; did you mean title?"),
    claims("[chapter]", '[extra]\nx = "y"\n\n[chapter]', "there is no key extra"),
    claims("number = 9\n", 'number = "nine"\n', "chapter.number: it has to be a whole number, and is a text"),
    claims(SAYS, 'en = " "', "claim 9.1-a: a text lacks its en"),
    claims(ID, 'id = "../../x"', "claim ../../x: that is no id of a claim: letters, digits, dots and hyphens"),
    claims(
        "[[claim]]", '[[section]]\nid = "9.1"\ntitle = {en = "a", zh = "b"}\n[[claim]]', "sections stand twice: 9.1"
    ),
    claims('"holds"', '"perhaps"', "claim 9.1-a: there is no outcome 'perhaps'; …"),
    claims(SAYS, r'en = "red \u001b[31m"', r"claim 9.1-a: a text holds a control character: red \x1b[31m"),
    Wrong("claims.toml: it is no UTF-8 at byte …", 1, {CLAIMS: b"# \xe9\n"}),
    Wrong(
        "article.toml: there is no key autor; did you mean author?",
        1,
        {ARTICLE: ("languages", 'autor = "x"\nlanguages')},
    ),
    Wrong(
        "claimlab.toml: limits: there is no key worker; did you mean workers?",
        1,
        {PROJECT: ("[limits]", "[limits]\nworker = 1")},
        LIST,
    ),
    Wrong(
        "chapters stand twice: 9",
        1,
        {"labs/ch9_more/claims.toml": '[chapter]\nnumber = 9\ntitle = {en = "More", zh = "x"}\n'},
        LIST,
    ),
    Wrong("claims.toml: it cannot be read: Is a directory", 1, {CLAIMS: None, f"{CLAIMS}/x": ""}),
    pins(
        f'releases = [{{version = "banana", linux_x86_64 = "{ZEROS}"}}]',
        "release 'banana' is not a Go version, such as 1.27.2",
    ),
    pins(f"releases = [{PINNED}, {PINNED}]", "releases: 1.27.3 is pinned twice"),
    pins(
        PINNED.replace(ZEROS, "zz").join(["releases = [", "]"]),
        "release 1.27.3 has no usable SHA-256: 64 digits from 0 to f",
    ),
    pins(
        f'releases = [{PINNED[:-1]}, name = "Tip"}}]',
        "release 1.27.3: 'Tip' is no name for a toolchain, such as tip",
    ),
    pins(
        f'releases = [{{version = "1.30.1", says = "go1.30.2", linux_x86_64 = "{ZEROS}"}}]',
        "release 1.30.1: what it says is another version: go1.30.2",
    ),
    pins(
        f'releases = [{PINNED[:-1]}, name = "tip"}}]',
        "all have names of their own: labs that ask nothing of Go need a release",
    ),
    Wrong(
        "nowhere.toml: it cannot be read: No such file or directory",
        1,
        {PROJECT: ("[limits]", 'toolchains = "nowhere.toml"\n[limits]')},
        ("toolchains.list",),
    ),
    # labs
    lab({LAB: "lab = = 1\n"}, "tiny is broken: …/tiny/lab.py: line 1: invalid syntax"),
    lab({JUDGES: "def judges():\n"}, "tiny is broken: …/tiny/judges.py: it cannot be read: …"),
    lab(
        {JUDGES: "judges = = 1\n"}, "tiny is broken: …/tiny/judges.py: it cannot be read: invalid syntax (judges.py:1)"
    ),
    lab({JUDGES: None}, "tiny is broken: …/tiny: it judges nothing: there is no judges.py with judges = Judges()"),
    lab(
        {JUDGES: "raise SystemExit(0)\n"},
        "tiny is broken: …/tiny/judges.py: it tried to end the whole process: SystemExit(0) (judges.py:1)",
    ),
    lab(
        {JUDGES: "import os; os._exit(0)\n"},
        "tiny is broken: …/tiny/judges.py: it tried to end the whole process: … (judges.py:1)",
    ),
    lab(
        {JUDGES: "while True: pass\n"},
        "tiny is broken: …/tiny/judges.py: it did not come to an end within 1 s (judges.py:1)",
    ),
    lab({JUDGES: ('"9.1-a"', '"9.1-z"')}, "tiny is broken: …/tiny: it judges what is no claim of its article: 9.1-z."),
    Wrong(
        "tiny is broken: labs/ch9_things/tiny: labs:9.1-a is judged by two labs: other and tiny",
        1,
        {"labs/ch9_things/other/judges.py": ("9.1-b", "9.1-a")},
        TINY,
    ),
    lab(
        {LAB: ('Lab("tiny"', 'Lab("all"')},
        "tiny is broken: …/tiny/lab.py: the name all is taken: lab.all is a command already",
    ),
    lab(
        {LAB: ('Lab("tiny"', 'Lab("../../x"')},
        "tiny is broken: …/tiny/lab.py: '../../x' is no name for a lab: "
        "up to 40 small letters and digits, with hyphens between words",
    ),
    lab({LAB: ('Lab("tiny"', 'Lab(""')}, "tiny is broken: …/tiny/lab.py: '' is no name for a lab: …"),
    lab({LAB: b"# \xe9\n"}, "tiny is broken: …/tiny/lab.py: it is no UTF-8 at byte 2"),
    lab({LAB: ("timing=False", 'timing="no"')}, "tiny is broken: …/tiny/lab.py: Lab(timing='no'): …"),
    lab({LAB: ("timing=False", 'life_s="long"')}, "tiny is broken: …/tiny/lab.py: Lab(life_s='long'): …"),
    # commands
    Wrong(
        "'../../../x' is no name for a lab. Take up to 40 small letters and digits, with hyphens between words, "
        "such as x.",
        2,
        command=("lab.new", "../../../x"),
    ),
    Wrong("tiny names no values. …", 2, command=("values", "tiny", "--engine", "local")),
    Wrong(
        "9.1-a is about all releases together, and so it turns nowhere. …",
        2,
        {JUDGES: ('judges.of("9.1-a"', 'judges.across("9.1-a"')},
        ("flip", "9.1-a", "--engine", "local"),
    ),
    Wrong("There is no task lab.tinny. Did you mean lab.tiny?", 2, command=("lab.tinny",)),
    Wrong("There is no task lab.\\x1b[31m.", 2, command=("lab.\x1b[31m",)),
    Wrong("No pinned toolchain matches --go banana. Pinned are: …", 2, command=("lab.tiny", "--go", "banana")),
    Wrong("No pinned toolchain matches --go banana.", 2, command=("docs", "--no-run", "--go", "banana")),
    Wrong(
        "'banana' is not a Go version. Give one such as 1.27.2 (without 'go').", 2, command=("toolchains.add", "banana")
    ),
    Wrong(
        "'1.28' is no name for a toolchain. Take up to 40 small letters and digits, with hyphens between words: "
        "--name tip",
        2,
        command=("toolchains.add", "--goroot", "go", "--name", "1.28"),
    ),
    Wrong("No toolchain is called tip. There are: …", 2, command=("toolchains.remove", "tip")),
    Wrong(
        "Go 1.27.3 is the only release that is pinned. Add another one first: claimlab toolchains.add VERSION",
        2,
        {PINS: f"releases = [{PINNED}]"},
        ("toolchains.remove", "1.27.3"),
    ),
    Wrong("An option that wants a number was given 'x'.", 2, command=("lab.tiny", "--workers", "x")),
    Wrong("An option that wants a number was given 'x'.", 2, command=("--command-timeout", "x", "verdicts")),
    Wrong("An option that wants a number was given 'x'.", 2, command=("--list-depth", "x", "--list")),
    Wrong(
        "There is no format 'banana'. Say --list-format flat, nested, json.",
        2,
        command=("--list-format", "banana", "--list"),
    ),
    Wrong("There is no docs/conf.py, so these are no pages of Sphinx.", 2, command=("docs", "--no-run")),
    Wrong(
        "there is no origin 'attic'; there are: …", 2, {PINS: f'releases = [{PINNED[:-1]}, origin = "attic"}}]'}, TINY
    ),
    Wrong(
        "extensions.engines: nowhere:x cannot be loaded: …",
        1,
        {PROJECT: ("[limits]", '[extensions.engines]\nmine = "nowhere:x"\n[limits]')},
        ("verdicts", "--engine", "mine"),
    ),
]

FAILING: Final = {
    "raiser": "the judge raised ZeroDivisionError('division by zero') (judges.py:…)",
    "ender": "the judge tried to end the whole process: SystemExit(0) (judges.py:…)",
    "quitter": "the judge tried to end the whole process: … (judges.py:…)",
    "forever": "the judge did not come to an end within 2 s (judges.py:…)",
    "liar": "observe returned int, not the Seen that it says: …",
    "mute": "observe returned NoneType, not the Seen that it says: …",
    "leaver": "observe tried to end the whole process: SystemExit(0) (lab.py:…)",
    "loader": "lab.py: it tried to end the whole process: SystemExit(0) (lab.py:…)",
    "hostile": r"\x1b]0;owned\x07\x1b[31mred\x1b]52;c;ZWNobw==\x07 \x9b 31m",
    "unread": "judges.py: it cannot be read: invalid syntax (judges.py:…)",
}
"""Labs that are measured, each of which fails in its way, with what is said of it; the exit code is 1."""


def pattern(says: str) -> str:
    """What the page quotes, as an expression for it."""
    return ".*".join(map(re.escape, says.split("…")))
