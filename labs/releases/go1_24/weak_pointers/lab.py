"""Does a weak pointer keep its object, and what does it give once the object is gone?

A program makes weak pointers to objects of several sizes, and collects with a strong pointer to each and without.
"""

import msgspec

from claimlab import Attempt, Bench, Lab, builds, gobuild, processes

lab = Lab(asks={"zh": "弱指针会留住对象吗？对象消失后它给出什么？"})


class Pointed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Objects of one size."""

    Bytes: int
    HasPointers: bool
    Objects: int
    While: int
    """To so many of them the weak pointer led after a collection, with a strong pointer to each."""
    After: int
    """And after three more, without."""
    Strong: int
    """To so many a strong pointer led after three collections."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    build: Attempt
    pointed: list[Pointed]
    """Nothing where the program does not build."""


@lab.observe
def observe(bench: Bench) -> Seen:
    tried = builds.attempt(bench)
    if not tried.accepted:
        return Seen(tried, [])
    program = gobuild.build(bench)
    return Seen(tried, processes.answer(bench, [f"./{program.name}"], list[Pointed], gomaxprocs=1))
