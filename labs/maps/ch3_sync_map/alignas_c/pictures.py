"""Pictures of what alignas-c saw: where the elements of an array lie, and which declarations gcc takes."""

from collections.abc import Mapping

from claimlab import Amount, Amounts, Layout, Memory, On, Part, Pictures, Role, Words

from .lab import Seen

pictures = Pictures()

DECLARED = {
    "listed": Words("as the article has it", "文章的写法"),
    "on the member": Words("`alignas(64)` at the member", "`alignas(64)` 写在成员上"),
    "without": Words("without `alignas`", "不写 `alignas`"),
    "array as listed": Words("the array as the article has it", "文章中数组的写法"),
}


@pictures.of(
    "3.2-f",
    "3.2-h",
    title=Words("Two neighbours of an array, in their cache lines", "数组中相邻的两个元素与缓存行"),
)
def neighbours(seen: Mapping[str, Seen]) -> Layout:
    """Where the linker has placed them; and the one place in a line where those without alignas are in two."""
    memories = []
    for toolchain, one in seen.items():
        on, bytes_of_line = On((toolchain,)), one.layouts.line
        for struct, placed in one.layouts.structs.items():
            aligned = struct == "Aligned"
            starts = placed.addresses[0] % bytes_of_line
            parts = tuple(
                Part(placed.stride * number, 8, f"entries[{number}].counter", Role.COUNT, marked=True)
                for number in range(len(placed.addresses))
            )
            name = Words("with `alignas(64)`", "用 `alignas(64)`") if aligned else DECLARED["without"]
            many = Words(
                f"They share a line in {placed.sharing} of the {placed.places} places where the array may begin.",
                f"数组可能的 {placed.places} 个起点中，有 {placed.sharing} 个使二者同处一行。",
            )
            if placed.places == 1:
                many = Words("They never share a line.", "二者从不同处一行。")
            memories.append(Memory(on, name, placed.stride * len(parts), parts, starts, note=many))
    memories.sort(key=lambda memory: memory.size)
    return Layout(tuple(memories))


@pictures.of(
    "3.2-g",
    title=Words("In how many modes of C gcc takes the declaration", "gcc 在多少种 C 模式下接受这样的声明"),
)
def taken(seen: Mapping[str, Seen]) -> Amounts:
    """With and without the header that defines alignas."""
    amounts = [
        Amount(words, sum(each.accepted for each in one.compilations.tried[name]), On((toolchain,)))
        for name, words in DECLARED.items()
        for toolchain, one in seen.items()
        if name in one.compilations.tried
    ]
    tried = max(len(each) for one in seen.values() for each in one.compilations.tried.values())
    return Amounts(tuple(amounts), Words(f"modes of {tried}", f"种模式，共 {tried} 种"))
