"""How does the machine code of mapassign_fast64 read the map's header and its buckets?

Section 2.1 of the article. The processor's debug registers watch the header's field `buckets` and the overflow pointer
of a bucket during one assignment, and so name the instructions that read them; these are looked up in the disassembly.
"""

import msgspec

from claimlab import Bench, Function, Lab, Run, Session, Step, TypeLayout, Watch, disassembly, gdb, gobuild, layout

lab = Lab(asks={"zh": "mapassign_fast64 的机器码怎样读取 map 的头部和桶？"})

ASSIGN = "runtime.mapassign_fast64"
OWN, NEXT = "main.asTheArticleSays.abi0", "main.next"
HEADER, BUCKET, PADDED = "runtime.hmap", "bucket<int64,int64>", "main.padded"
MAP = "'main.numbers'"
AT = f"{MAP}.buckets['main.at']"
LINES_KEPT = 12


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command of the article's kind, and what came of it."""

    argv: list[str]
    exit_code: int
    says: list[str]
    """The first lines of standard error."""
    shows: list[str]
    """The first lines of standard output."""
    lines: int
    """All lines of standard output."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    functions: list[Function]
    """mapassign_fast64, and two functions of ours."""
    types: list[TypeLayout]
    """The map's header and bucket, and a struct of ours, by DWARF."""
    watched: Session
    """One assignment, watched; then the functions of ours."""
    as_given: Command
    """The article's command, in the program's folder."""
    as_needed: Command
    """The same tool, told which function of which program."""

    def function(self, name: str) -> Function:
        return next(function for function in self.functions if function.name == name)

    def type(self, name: str) -> TypeLayout:
        return next(layout for layout in self.types if layout.name == name)


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    types = layout.types(bench, program, [HEADER, BUCKET, PADDED])
    has_buckets = types[0].field("buckets") is not None
    return Seen(
        functions=disassembly.functions(bench, program, [ASSIGN, OWN, NEXT]),
        types=types,
        watched=gdb.session(bench, program, [watched(has_buckets)]),
        as_given=objdump(bench, ASSIGN),
        as_needed=objdump(bench, "-s", f"^{ASSIGN}$", program.name),
    )


def watched(has_buckets: bool) -> Run:
    """Only where there are buckets can gdb be asked for one that has overflowed."""
    found = Step(
        ["main.visit"],
        when=f"{AT}.overflow != 0" if has_buckets else "",
        values={"header": MAP, "bucket": f"&{AT}", "overflow": f"&{AT}.overflow"},
        force={"'main.key'": f"{AT}.overflow.keys[0]"} if has_buckets else {},
    )
    the_map = [Watch("buckets", f"&{MAP}.buckets", "access"), Watch("overflow", f"&{AT}.overflow", "access")]
    ours = [
        Watch("own buckets", "&'main.own'.buckets", "access"),
        Watch("own overflow", "&'main.own'.buckets.overflow", "access"),
        Watch("padded", "&'main.loose'.bucket", "access"),
    ]
    return Run([], 1, [found, Step(["main.assigned"], watches=the_map), Step(["main.done"], watches=ours)])


def objdump(bench: Bench, *words: str) -> Command:
    """`go tool objdump -S` with these words. Where the tool does not come with Go it is built at its first use."""
    argv = ["go", "tool", "objdump", "-S", *words]
    done = bench.run(argv, step="run", timeout_s=180)
    shown, said = done.text().splitlines(), done.stderr.decode("utf-8", "replace").splitlines()
    return Command(argv, done.exit_code, said[:LINES_KEPT], shown[:LINES_KEPT], len(shown))
