"""The judges of fast32-calls on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

from claimlab import Outcome, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling


# --- one thing changed -------------------------------------------------------------------------------------


def without(counted: list[Any], name: str) -> list[Any]:
    return [change(one, hits=0, chains={}) if one.name == name else one for one in counted]


def test_a_listing_and_counts_that_disagree_are_unclear() -> None:
    seen = seen_on("1.27.3")
    quiet = {**seen.executed, "fast": without(seen.executed["fast"], "runtime.mapassign_fast32")}
    assert ruling("2.2-a", change(seen, executed=quiet)).outcome is Outcome.UNCLEAR


def test_too_few_executions_are_unclear() -> None:
    seen = seen_on("1.27.3")
    few = [change(one, hits=min(one.hits, 3)) for one in seen.executed["fast"]]
    assert ruling("2.2-a", change(seen, executed={**seen.executed, "fast": few})).outcome is Outcome.UNCLEAR


def test_a_stop_that_counts_twice_does_no_harm() -> None:
    seen = seen_on("1.27.3")
    more = [change(one, hits=one.hits + 1 if one.hits else 0) for one in seen.executed["fast"]]
    assert ruling("2.2-a", change(seen, executed={**seen.executed, "fast": more})).outcome is Outcome.HOLDS


def test_a_command_that_fails_on_the_plain_program_is_unclear() -> None:
    seen = seen_on("1.27.3")
    failed = change(seen.typed["int32"], exit_code=2, calls=[], complaint="no such tool")
    assert ruling("2.2-c", change(seen, typed={**seen.typed, "int32": failed})).outcome is Outcome.UNCLEAR


def test_the_finding_tells_what_an_import_does_to_the_command() -> None:
    assert "could not import fmt" in ruling("2.2-c", seen_on("1.21.13")).finding.because


def test_a_call_that_stood_in_the_tree_before_walk_would_hold() -> None:
    seen = seen_on("1.27.3")
    trees = [change(tree, before=tree.after) if tree.function == "lookup" else tree for tree in seen.trees]
    assert ruling("2.2-d", change(seen, trees=trees)).outcome is Outcome.HOLDS


def test_a_tree_that_is_not_printed_is_unclear() -> None:
    seen = seen_on("1.27.3")
    trees = [tree for tree in seen.trees if tree.function != "lookup"]
    assert ruling("2.2-d", change(seen, trees=trees)).outcome is Outcome.UNCLEAR


def test_a_compiler_that_kept_to_the_rule_would_confirm_it() -> None:
    """Only int32 keys, and their hash function inlined."""
    seen = seen_on("1.27.3")
    fast, generic = "runtime.mapaccess1_fast32", "runtime.mapaccess1"

    def ruled(function: str, target: str) -> str:
        key, _, size = function.removeprefix("main.").partition("To")
        if not size.isdigit():
            return target
        return fast if key in ("int32", "rune") and size != "136" else generic

    calls = [change(call, target=ruled(call.function, call.target)) for call in seen.calls]
    inlined = {kind: {} if kind in ("int32", "rune") else counts for kind, counts in seen.hashed.items()}
    found = ruling("2.2-e", change(seen, calls=calls, hashed=inlined))
    # Its control is the limit of 128 bytes, which uint32 keys then no longer show.
    assert found.outcome is Outcome.BROKEN
    judge = LAB.judges["2.2-e"]
    rule_seen = judge.sees(change(seen, calls=calls, hashed=inlined))
    small = change_rows(rule_seen, [row for row in rule_seen.rows if row.value_bytes <= 128])
    assert judge.decide(small).outcome is Outcome.HOLDS


def change_rows(seen: Any, rows: list[Any]) -> Any:
    return type(seen)(seen.function, seen.says, seen.applies, rows)


def test_the_table_has_a_row_for_each_kind_and_size() -> None:
    shown = ruling("2.2-e", seen_on("1.27.3")).finding.shows.splitlines()
    assert len(shown) == 21
    assert "map[[4]byte] with values of 128 bytes: runtime.mapaccess1_fast32" in shown
    assert "map[int32] with values of 136 bytes: runtime.mapaccess1" in shown


def test_a_lookup_that_is_not_listed_is_unclear() -> None:
    seen = seen_on("1.27.3")
    calls = [call for call in seen.calls if call.function != "main.bytesTo8"]
    assert ruling("2.2-e", change(seen, calls=calls)).outcome is Outcome.UNCLEAR


def test_a_generic_function_that_reflects_would_hold() -> None:
    seen = seen_on("1.27.3")
    generic, fast, reflected = seen.reflecting
    entered = change(generic, entered=reflected.entered)
    assert ruling("2.2-b", change(seen, reflecting=[entered, fast, reflected])).outcome is Outcome.HOLDS


def test_a_fast_function_that_reads_no_type_would_hold() -> None:
    seen = seen_on("1.27.3")
    blind = change(seen.reading["fast"], touches=[])
    assert ruling("2.2-b", change(seen, reading={**seen.reading, "fast": blind})).outcome is Outcome.HOLDS


def test_a_fast_function_that_reflects_too_breaks_the_judge() -> None:
    seen = seen_on("1.27.3")
    generic, _, reflected = seen.reflecting
    assert ruling("2.2-b", change(seen, reflecting=[generic, reflected, reflected])).outcome is Outcome.BROKEN


def test_a_binary_without_package_reflect_breaks_the_judge() -> None:
    seen = seen_on("1.27.3")
    none = [change(one, functions=0, entered={}) for one in seen.reflecting]
    assert ruling("2.2-b", change(seen, reflecting=none)).outcome is Outcome.BROKEN
