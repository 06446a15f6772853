"""What is held against trials whose workers or schedulers are lost."""

from claimlab.cluster.losses import ELSEWHERE, KILLS, LOSSES, SUSPECT, Losses


def test_a_worker_that_ended_in_the_midst_of_a_trial_is_counted_once() -> None:
    losses = Losses()
    assert not losses.began("tiny")
    assert losses.began("tiny")  # elsewhere, and nobody had said that it was over
    assert losses.struck_now("tiny")
    assert not losses.struck_now("tiny")
    losses.began("tiny")
    losses.left("tiny")  # it is over, or was cancelled
    assert not losses.struck_now("tiny")
    assert not losses.began("tiny")
    assert losses.struck == {"tiny": 2}


def test_a_trial_survives_so_many_workers_and_waits_behind_others() -> None:
    losses = Losses()
    for number in range(KILLS + 1):
        assert losses.is_suspect("tiny") is (number >= SUSPECT)
        assert not losses.too_many("tiny")
        losses.began("tiny")
        losses.struck_now("tiny")
    assert losses.struck["tiny"] == KILLS + 1
    assert losses.too_many("tiny") == "51 times the worker that measured it was killed, or left"
    assert not losses.too_many("other")


def test_schedulers_are_lost_less_often() -> None:
    losses = Losses()
    for _ in range(LOSSES):
        losses.began("tiny")
        losses.lost("tiny")
        assert not losses.too_many("tiny")
    losses.lost("tiny")
    assert losses.too_many("tiny") == "4 times the scheduler was lost while it was measured"
    assert not losses.struck


def test_what_hosts_lack_is_counted_however_often_the_trial_is_sent() -> None:
    losses = Losses()
    for _ in range(ELSEWHERE + 1):
        assert not losses.too_many("tiny")
        losses.began("tiny")
        losses.lacked("tiny", "no gdb")
    assert losses.too_many("tiny") == "no host could measure it; the last one said: no gdb"
    assert not losses.struck
