"""What went wrong and what to do about it are two sentences."""

import pytest

from claimlab.project.errors import EnvironmentMissing, Refused


@pytest.mark.parametrize("kind", [EnvironmentMissing, Refused])
@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("It is not there.", "It is not there. Make it."),
        ("pip said: ERROR: No matching distribution", "pip said: ERROR: No matching distribution. Make it."),
        ("Is it there?", "Is it there? Make it."),
    ],
)
def test_what_another_program_said_is_ended_before_the_next_sentence(
    kind: type[EnvironmentMissing | Refused], what: str, said: str
) -> None:
    assert str(kind(what, "Make it.")) == said
