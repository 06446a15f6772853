"""What the lab mapassign-code builds for its controls, on a processor that it is not measured on."""

import pytest
from tests.bench_fixtures import ALL, NEWEST, pinned
from tests.ours import ROOT

from claimlab.benches.local_engine import LocalEngine
from claimlab.instruments import disassembly, gobuild

pytest_plugins = ["tests.bench_fixtures"]

LAB = ROOT / "labs" / "maps" / "ch2_native_map" / "mapassign_code"


@pytest.mark.gdb
def test_on_arm64_the_control_has_the_instructions_that_its_judges_look_for(local_engine: LocalEngine) -> None:
    sources = {path.name: path.read_bytes() for path in LAB.iterdir() if path.suffix in (".go", ".s")}
    with local_engine.open(pinned(NEWEST), 300, ALL) as bench:
        (own,) = disassembly.functions(
            bench, gobuild.build(bench, sources, flags="arm64"), ["main.asTheArticleSays.abi0"]
        )
    assert {"ldr x1, [x0]", "add x1, x1, #0x20", "add x8, x0, #0x20"} <= {one.text for one in own.instructions}
