"""What the observations of line-comments say of the claim 1.27-i."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

judges = Judges()


@dataclass(frozen=True)
class Named:
    """A file, by the running program and by the compiler; empty where it was not asked."""

    by_program: str
    by_compiler: str
    name: str


@judges.of(
    "1.27-i",
    sees=lambda seen: Named(seen.relative, seen.complaint, "there.go"),
    control=(
        Control("a function without a comment", lambda seen: Named(seen.plain, "", "sub.go"), Outcome.HOLDS),
        Control("a comment with an absolute name", lambda seen: Named(seen.absolute, "", "there.go"), Outcome.FAILS),
    ),
)
def from_the_folder(found: Named) -> Finding:
    """Both runtime.Caller and a complaint of the compiler name the file in the folder of the package, `sub` and `bad`,
    whose file holds the comment."""
    shows = f"{found.by_program}\n{found.by_compiler}"
    if not found.by_program.endswith(found.name):
        return unclear(f"the program does not name {found.name}", shows)
    in_folder = found.by_program.endswith(f"/sub/{found.name}")
    if found.by_compiler and (f"bad/{found.name}:" in found.by_compiler) is not in_folder:
        return unclear("the program and the compiler do not agree", shows)
    return decided(in_folder, f"runtime.Caller names the file `{found.by_program}`", shows)
