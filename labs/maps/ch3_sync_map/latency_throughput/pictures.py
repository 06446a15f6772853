"""A picture of what latency-throughput saw: the article's throughputs against those that its latencies give."""

from collections.abc import Mapping

from claimlab import ARTICLE, Amount, Amounts, On, Pictures, Words

from .lab import PRINTED, Seen

pictures = Pictures()

ROWS = {
    "a line each": Words("8.2 ns an operation", "每次操作 8.2 ns"),
    "one line": Words("47.9 ns an operation", "每次操作 47.9 ns"),
}


@pictures.of(
    "3.2-d/3",
    title=Words("What one thread completes that does nothing else", "只做这一件事的单个线程每秒能完成多少次"),
)
def throughputs(seen: Mapping[str, Seen]) -> Amounts:
    amounts = []
    for row, words in ROWS.items():
        amounts.append(Amount(words, float(PRINTED[row][1]), ARTICLE))
        amounts += [Amount(words, one.rows[row].one_thread_millions, On((name,))) for name, one in seen.items()]
    return Amounts(tuple(amounts), Words("millions of operations a second", "百万次/秒"))
