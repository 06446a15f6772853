"""What is drawn and shown outside of Sphinx speaks of our own pinned toolchains."""

import pytest
from tests.ours import TOOLCHAINS

from claimlab.site.asked import speak_of


@pytest.fixture(autouse=True)
def of_our_toolchains() -> None:
    """As a build of our own pages begins; a build that a test makes may have said otherwise."""
    speak_of(TOOLCHAINS)
