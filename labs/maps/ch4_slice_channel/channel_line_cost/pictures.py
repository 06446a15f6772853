"""A picture of what channel-line-cost saw: how much longer a send and a receive take without their cache lines."""

from collections.abc import Mapping

from claimlab import Distribution, Mark, On, Pictures, Samples, Words

from .judges import MISS_NS, SAVED_NS, difference
from .lab import Seen

pictures = Pictures()

USED = {
    ("used", "kept-beside-user"): Words("another core has used the channel", "channel 刚被另一个核用过"),
    ("free-used", "free-kept-beside-user"): Words(
        "the same, where it may overlap with other work", "同上，可与其他工作重叠执行时"
    ),
}
MISSED = {
    ("flushed", "kept"): Words("the slot's line is in no cache", "槽位的缓存行不在任何缓存里"),
    ("free-flushed", "free-kept"): Words(
        "the same, where it may overlap with other work", "同上，可与其他工作重叠执行时"
    ),
}


@pictures.of(
    "4.3-l/1",
    title=Words(
        "What a send and a receive take longer after another core", "另一个核用过之后，一次发送加接收多花的时间"
    ),
)
def used(seen: Mapping[str, Seen]) -> Distribution | None:
    says = Words(
        "How much depends on where the virtual machine's other core is: near, or distant.",
        "多出多少，取决于虚拟机的另一个核离得近还是远。",
    )
    return longer(seen, USED, Mark(SAVED_NS, Words("article", "文章")), says)


@pictures.of(
    "4.3-l/2",
    title=Words("What they take longer with the line from memory", "缓存行必须从内存取来时多花的时间"),
)
def missed(seen: Mapping[str, Seen]) -> Distribution | None:
    return longer(seen, MISSED, Mark(MISS_NS, Words("article", "文章")))


def longer(
    seen: Mapping[str, Seen], pairs: Mapping[tuple[str, str], Words], claimed: Mark, says: Words | None = None
) -> Distribution | None:
    """In each clean round, against a channel with all its lines in the core's own cache. Of the plain builds."""
    arms = []
    for pair, words in pairs.items():
        for name, one in seen.items():
            if "+" not in name and (values := difference(one.timing, *pair)):
                arms.append(Samples(words, tuple(values), On((name,))))
    return Distribution(tuple(arms), "ns", (claimed,), logarithmic=False, says=says) if arms else None
