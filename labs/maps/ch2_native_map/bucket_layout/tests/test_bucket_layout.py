"""The judges of bucket-layout on observations that real trials recorded, and on these with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Outcome, TypeLayout, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
BUCKETS, GROUPS = "1.23.9", "1.27.3"


# --- one thing changed -------------------------------------------------------------------------------------


def with_dwarf(seen: Any, edit: Callable[[TypeLayout], TypeLayout], names: int = 1) -> Any:
    """The bucket types of the first maps by DWARF are others."""
    return change(seen, buckets=[edit(known) for known in seen.buckets[:names]] + seen.buckets[names:])


def moved(part: str, offset: int) -> Callable[[TypeLayout], TypeLayout]:
    def edit(known: TypeLayout) -> TypeLayout:
        fields = [change(field, offset=offset) if field.name == part else field for field in known.fields]
        return change(known, fields=fields)

    return edit


def with_block(seen: Any, label: str, **changes: Any) -> Any:
    blocks = [change(block, **changes) if block.Label == label else block for block in seen.report.Blocks]
    return change(seen, report=change(seen.report, Blocks=blocks))


def block(seen: Any, label: str) -> Any:
    return next(known for known in seen.report.Blocks if known.Label == label)


@pytest.mark.parametrize(
    ("claim", "part"), [("2.1-f", "tophash"), ("2.1-h", "keys"), ("2.1-i", "values"), ("2.1-j", "overflow")]
)
def test_an_offset_that_only_one_instrument_sees_is_unclear(claim: str, part: str) -> None:
    found = ruling(claim, with_dwarf(seen_on(BUCKETS), moved(part, 48)))
    assert found.outcome is Outcome.UNCLEAR
    assert "48 by DWARF" in found.finding.because


@pytest.mark.parametrize("claim", ["2.1-e", "2.1-n"])
def test_offsets_that_differ_leave_the_whole_unclear(claim: str) -> None:
    assert ruling(claim, with_dwarf(seen_on(BUCKETS), moved("overflow", 32))).outcome is Outcome.UNCLEAR


def test_keys_that_are_not_found_in_live_memory_leave_it_unclear() -> None:
    seen = seen_on(BUCKETS)
    found = change(block(seen, "map[int64]int64").Found, Keys=[-1] * 8)
    assert ruling("2.1-h", with_block(seen, "map[int64]int64", Found=found)).outcome is Outcome.UNCLEAR


def as_ours(seen: Any, name: str) -> Any:
    """The first map's bucket is as a struct of ours, by all instruments."""
    ours, mine = next(known for known in seen.ours if known.name == name), block(seen, name)
    seen = with_dwarf(seen, lambda _: ours)
    size = {**seen.descriptors[0].map_type, "BucketSize": ours.size}
    seen = change(seen, descriptors=[change(seen.descriptors[0], map_type=size), *seen.descriptors[1:]])
    return with_block(seen, "map[int64]int64", Fields=mine.Fields, Found=mine.Found, Size=mine.Size)


@pytest.mark.parametrize("claim", ["2.1-i", "2.1-j", "2.1-n"])
def test_a_bucket_laid_out_as_described_would_hold(claim: str) -> None:
    assert ruling(claim, as_ours(seen_on(BUCKETS), "main.described")).outcome is Outcome.HOLDS


@pytest.mark.parametrize("claim", ["2.1-d", "2.1-e", "2.1-f", "2.1-h"])
def test_a_bucket_laid_out_otherwise_would_fail(claim: str) -> None:
    assert ruling(claim, as_ours(seen_on(BUCKETS), "main.turned")).outcome is Outcome.FAILS


def test_the_bucket_of_bytes_has_32_bytes_and_others_have_not() -> None:
    found = ruling("2.1-c", seen_on(BUCKETS)).finding
    assert "3 of 12" in found.because
    assert "32  map[int8]int8" in found.shows


def test_a_size_that_only_one_instrument_sees_is_unclear() -> None:
    seen = with_dwarf(seen_on(BUCKETS), lambda known: change(known, size=32))
    assert ruling("2.1-c", seen).outcome is Outcome.UNCLEAR


def test_a_live_map_with_other_capacity_leaves_the_count_unclear() -> None:
    seen = seen_on(BUCKETS)
    full = change(seen.report.Full, Eight=2)
    assert ruling("2.1-d", change(seen, report=change(seen.report, Full=full))).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", LAB.judges)
def test_instruments_that_disagree_whether_there_are_buckets_leave_all_unclear(claim: str) -> None:
    seen = with_dwarf(seen_on(BUCKETS), lambda known: TypeLayout(known.name, False), names=12)
    assert ruling(claim, seen).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", LAB.judges)
def test_void_tells_what_there_is_instead(claim: str) -> None:
    found = ruling(claim, seen_on(GROUPS))
    assert found.outcome is Outcome.VOID
    assert "`map.group[int64]int64` of 136 bytes with `ctrl` at 0, `slots` at 8" in found.finding.because


def test_a_struct_of_ours_that_is_read_wrongly_breaks_the_judge() -> None:
    seen = seen_on(BUCKETS)
    ours = [moved("overflow", 0)(known) if known.name == "main.described" else known for known in seen.ours]
    assert ruling("2.1-j", change(seen, ours=ours)).outcome is Outcome.BROKEN


# --- tophash -----------------------------------------------------------------------------------------------


def with_hashes(seen: Any, stored: Callable[[Any], int]) -> Any:
    hashes = [change(hashed, Stored=stored(hashed)) for hashed in seen.report.Hashes]
    return change(seen, report=change(seen.report, Hashes=hashes))


def with_kept(seen: Any, edit: Callable[[int], int]) -> Any:
    """gdb reads another byte for the hash that it has seen returned."""
    run = seen.hashing.runs[0]
    returned, end = run.stops[2], run.stops[3]
    kept = {**end.values, "tophash": edit(returned.registers["rax"])}
    stops = [*run.stops[:3], change(end, values=kept)]
    return change(seen, hashing=change(seen.hashing, runs=[change(run, stops=stops)]))


def test_bytes_of_4_bits_would_hold() -> None:
    seen = with_hashes(seen_on(BUCKETS), lambda hashed: hashed.Hash >> 60)
    assert ruling("2.1-g", with_kept(seen, lambda hashed: hashed >> 60)).outcome is Outcome.HOLDS
    assert ruling("2.1-g", seen).outcome is Outcome.UNCLEAR  # gdb says otherwise


def test_eight_bits_are_what_is_there() -> None:
    seen = seen_on(BUCKETS)
    count = len(seen.report.Hashes)
    assert (
        f"0 of {count} bytes are the highest 4 bits and {count} the highest 8" in ruling("2.1-g", seen).finding.because
    )


def test_a_hash_that_gdb_did_not_see_is_unclear() -> None:
    seen = seen_on(BUCKETS)
    run = seen.hashing.runs[0]
    cut = change(seen.hashing, runs=[change(run, stops=run.stops[:1])])
    assert ruling("2.1-g", change(seen, hashing=cut)).outcome is Outcome.UNCLEAR


def test_the_other_processors_register_is_read_too() -> None:
    seen = seen_on(BUCKETS)
    run = seen.hashing.runs[0]
    renamed = change(run.stops[2], registers={"x0": run.stops[2].registers["rax"]})
    moved_over = change(run, stops=[*run.stops[:2], renamed, run.stops[3]])
    assert ruling("2.1-g", change(seen, hashing=change(seen.hashing, runs=[moved_over]))).outcome is Outcome.FAILS


def test_low_bits_are_told_of_groups() -> None:
    assert "lowest 7 bits of the hash in 8 of 8 entries" in ruling("2.1-g", seen_on(GROUPS)).finding.because
