"""Does an executable carry a GNU build id, and does it follow from the Go build id?

readelf reads the notes of two programs that were linked with several settings of the linker's flags.
"""

import re
from typing import Final

import msgspec

from claimlab import FLAG_SETS, Bench, Lab, gobuild

lab = Lab(asks={"zh": "可执行文件带有 GNU build id 吗？它由 Go build id 得来吗？"})

LINKED: Final = {
    "plain": ("", ""),
    "without symbols": ("", "-s -w"),
    "one": ("", "-buildid=one"),
    "two": ("", "-buildid=two"),
    "other, one": ("other", "-buildid=one"),
    "none": ("", "-B none"),
    "given": ("", "-B 0x1234abcd"),
    "given, one": ("", "-B 0x1234abcd -buildid=one"),
    "given, two": ("", "-B 0x1234abcd -buildid=two"),
    "given, other": ("other", "-B 0x5678 -buildid=one"),
}
"""The folder of the program, and the linker's flags."""
NOTE: Final = re.compile(r"Build ID: ([0-9a-f]+)")
SECTION: Final = ".note.gnu.build-id"


class Linked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An executable."""

    flags: str
    refused: str
    """What the linker says where it makes none."""
    gnu: str
    """The GNU build id in hexadecimal; empty if there is none."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    linked: dict[str, Linked]
    """As LINKED."""
    removed: Linked
    """`given`, without the note's section."""


@lab.observe
def observe(bench: Bench) -> Seen:
    for folder in dict.fromkeys(folder for folder, _ in LINKED.values()):
        gobuild.put_module(bench, gobuild.lab_sources(bench, folder), module(folder))
    found = {label: linked(bench, number, *how) for number, (label, how) in enumerate(LINKED.items())}
    given = f"linked{list(LINKED).index('given')}"
    command = ["objcopy", f"--remove-section={SECTION}", given, "removed"]
    bench.run(command, step="run").or_broken("the note's section cannot be removed")
    return Seen(found, Linked(found["given"].flags, "", note(bench, "removed")))


def module(folder: str) -> str:
    return folder or "program"


def linked(bench: Bench, number: int, folder: str, flags: str) -> Linked:
    """The program of the folder, linked with these flags, is ``linked<number>``."""
    options, env = FLAG_SETS["plain"]
    name = f"linked{number}"
    command = ["go", "build", "-C", f"{module(folder)}.src", *options, f"-ldflags={flags}", "-o", f"../{name}", "."]
    done = bench.run(command, step="build", env=env, timeout_s=120)
    if done.exit_code:
        return Linked(flags, done.stderr.decode("utf-8", "replace"), "")
    return Linked(flags, "", note(bench, name))


def note(bench: Bench, name: str) -> str:
    text = bench.run(["readelf", "-n", "-W", name], step="run").or_broken("readelf cannot read the notes").text()
    found = NOTE.findall(text)
    return found[0] if found else ""
