"""Where things stand in a checkout."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
LABS: Final = ROOT / "labs"
DOCKER: Final = ROOT / "docker"
DOCS: Final = ROOT / "docs"

STATE: Final = ROOT / ".claimlab"
"""Everything that is made here and can be made again: toolchains, caches, the record."""
RECORD: Final = Path(os.environ.get("CLAIMLAB_RECORD", STATE / "record"))
"""The record; another place for a second one, such as the tests'."""
