"""Jobs that were aboard when their worker died keep apart from each other."""

from generation.pools.suspects import MOST, Suspects


def test_suspects_do_not_travel_together_until_they_are_cleared_or_forgotten():
    now = 0.0
    suspects = Suspects(for_s=10, clock=lambda: now)
    suspects.add("a")
    suspects.add("b")
    assert suspects.may_join("a", ["innocent"])
    assert suspects.may_join("innocent", ["a"])
    assert not suspects.may_join("a", ["innocent", "b"])
    suspects.clear("b")
    assert suspects.may_join("a", ["b"])
    suspects.add("b")
    now = 11.0
    assert suspects.may_join("a", ["b"])


def test_suspects_are_never_too_many():
    suspects = Suspects()
    for number in range(MOST + 5):
        suspects.add(str(number))
    assert "4" not in suspects
    assert "5" in suspects
