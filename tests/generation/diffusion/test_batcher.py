"""Who goes next and with whom, on a denoiser that counts."""

from __future__ import annotations

import numpy as np
import pytest

from generation.engines.diffusion.aboard import Drawn
from generation.engines.diffusion.batcher import STARVED_S, Batcher
from generation.errors import RenderFailed
from tests.generation.diffusion.counting import Counting, Tally, Wish


class Ride:
    """A batcher over a counting denoiser, and what became of the jobs."""

    def __init__(self, model: Counting, max_batch: int = 4, *, static: bool = False) -> None:
        self.model = model
        self.batcher: Batcher[Wish, Tally] = Batcher(model, max_batch, static=static, clock=model.clock)
        model.batcher = self.batcher
        self.ended: dict[str, Drawn | RenderFailed] = {}
        self.shares: dict[str, list[float]] = {}

    def join(self, *wishes: Wish, within_s: float = 1000.0) -> None:
        for wish in wishes:
            self.shares[wish.id] = []
            self.batcher.join(wish.id, wish, self.shares[wish.id].append, within_s)

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.ended.update(self.batcher.step())

    def to_the_end(self) -> None:
        while len(self.batcher):
            self.step()

    @property
    def passes(self) -> list[str]:
        return ["".join(ids) for ids in self.model.passes]


def test_a_job_joins_at_the_next_step_and_leaves_when_it_is_done() -> None:
    ride = Ride(Counting())
    ride.join(Wish("a"))
    ride.step()
    ride.join(Wish("b", steps=2))
    ride.to_the_end()
    assert ride.passes == ["a", "ab", "ab", "a"]
    assert list(ride.ended) == ["b", "a"]


def test_every_row_takes_its_own_number_of_steps() -> None:
    ride = Ride(Counting())
    ride.join(Wish("a", 4), Wish("b", 1), Wish("c", 7))
    ride.to_the_end()
    counted = {job: int(drawn.pixels[0, 0, 0]) for job, drawn in ride.ended.items() if isinstance(drawn, Drawn)}
    assert counted == {"a": 4, "b": 1, "c": 7}


def test_rows_of_different_buckets_never_share_a_pass_and_the_oldest_goes_first() -> None:
    ride = Ride(Counting(step_s=(0.1, 0)))
    ride.join(Wish("a", 2), Wish("B", 2, "wide"), Wish("c", 2))
    ride.to_the_end()
    assert ride.passes == ["ac", "ac", "B", "B"]


def test_a_bucket_that_waited_too_long_goes_first() -> None:
    ride = Ride(Counting(step_s=(STARVED_S / 2 + 0.1, 0)))
    ride.join(Wish("a", 9), Wish("B", 2, "wide"))
    ride.to_the_end()
    assert ride.passes[:3] == ["a", "a", "B"]
    assert set(ride.ended) == {"a", "B"}


def test_nobody_starves_while_others_keep_coming() -> None:
    ride = Ride(Counting(step_s=(0.5, 0)), max_batch=2)
    ride.join(Wish("Z", 3, "wide"))
    for number in range(60):
        while ride.batcher.room:
            ride.join(Wish(f"{number}-{len(ride.shares)}", 4))
        ride.step()
        if "Z" in ride.ended:
            break
    assert "Z" in ride.ended


def test_no_more_than_the_largest_batch_goes_at_once_and_the_oldest_keep_their_seats() -> None:
    ride = Ride(Counting(), max_batch=2)
    ride.join(Wish("a", 2), Wish("b", 2), Wish("c", 2))
    ride.to_the_end()
    assert ride.passes == ["ab", "ab", "c", "c"]


def test_static_batches_are_filled_with_copies_whose_results_are_dropped() -> None:
    ride = Ride(Counting(), max_batch=4, static=True)
    ride.join(Wish("a", 2), Wish("b", 2), Wish("c", 1))
    ride.to_the_end()
    assert ride.passes == ["abcc", "ab"]
    assert {job: int(drawn.pixels[0, 0, 0]) for job, drawn in ride.ended.items() if isinstance(drawn, Drawn)} == {
        "a": 2,
        "b": 2,
        "c": 1,
    }


def test_a_full_batch_is_not_drawn_if_somebody_would_be_late_by_it() -> None:
    ride = Ride(Counting(step_s=(0.5, 0.5)))  # a row more is half a second more
    ride.batcher.warm([Wish("warm")], within_s=100)
    ride.model.passes.clear()
    ride.join(Wish("a", 4), within_s=4.4)
    ride.join(Wish("b", 4), Wish("c", 4), within_s=60)
    ride.to_the_end()
    assert ride.passes[:4] == ["a"] * 4
    assert ride.passes[4:] == ["bc"] * 4


def test_rows_share_no_pass_that_is_no_faster_for_it() -> None:
    ride = Ride(Counting(step_s=(0, 1.0)))  # twice the rows take twice the time
    ride.batcher.warm([Wish("warm")], within_s=100)
    ride.model.passes.clear()
    ride.join(Wish("a", 2), Wish("b", 2), Wish("c", 2))
    ride.to_the_end()
    assert ride.passes == ["a", "a", "b", "b", "c", "c"]


@pytest.mark.parametrize(("waited_s", "passes"), [(1.0, ["ab"]), (1.6, ["a", "b"])])
def test_rows_share_unless_somebody_takes_more_than_twice_the_time_it_takes_alone(
    waited_s: float, passes: list[str]
) -> None:
    ride = Ride(Counting(step_s=(1.4, 0.6)))  # 2.0 s alone, 2.6 s together
    ride.batcher.warm([Wish("warm")], within_s=1000)
    ride.model.passes.clear()
    ride.join(Wish("a", 1))
    ride.model.clock.now_s += waited_s
    ride.join(Wish("b", 1))
    ride.to_the_end()
    assert ride.passes == passes


def test_once_patience_is_gone_what_is_fastest_is_done() -> None:
    ride = Ride(Counting(step_s=(1.4, 0.6)), max_batch=8)
    ride.batcher.warm([Wish("warm")], within_s=1000)
    ride.model.passes.clear()
    ride.join(*(Wish(name, 1) for name in "abcdefgh"))
    ride.model.clock.now_s += 100
    ride.step()
    assert ride.passes == ["abcdefgh"]


def test_who_is_late_anyway_holds_nobody_up() -> None:
    ride = Ride(Counting(step_s=(0.5, 0.5)))
    ride.batcher.warm([Wish("warm")], within_s=100)
    ride.model.passes.clear()
    ride.join(Wish("a", 4), within_s=2)
    ride.join(Wish("b", 4), within_s=60)
    ride.to_the_end()
    assert ride.passes == ["ab"] * 4


def test_the_table_follows_what_steps_really_take() -> None:
    ride = Ride(Counting(step_s=(1.0, 0)))
    ride.batcher.warm([Wish("warm")], within_s=100)
    assert ride.batcher.table.seconds("square", 1) == 1.0
    ride.model.step_s = (2.0, 0)
    ride.join(Wish("a", 30))
    ride.to_the_end()
    assert 1.95 < ride.batcher.table.seconds("square", 1) <= 2.0


def test_the_warm_up_ends_when_its_time_is_spent() -> None:
    ride = Ride(Counting(step_s=(1.0, 0)))
    ride.batcher.warm([Wish("1"), Wish("2", shape="wide")], within_s=3)
    assert len(ride.passes) == 4


def test_the_warm_up_learns_what_has_no_memory() -> None:
    ride = Ride(Counting(holds=2))
    assert ride.batcher.warm([Wish("1")], within_s=100)
    ride.model.passes.clear()
    ride.join(Wish("a", 1), Wish("b", 1), Wish("c", 1))
    ride.to_the_end()
    assert ride.passes == ["ab", "c"]


@pytest.mark.parametrize("model", [Counting(holds=0), Counting(begins=0), Counting(decodes=0)])
def test_a_model_without_memory_for_one_picture_is_known_at_once(model: Counting) -> None:
    assert not Ride(model).batcher.warm([Wish("1")], within_s=100)


def test_there_is_room_for_twice_a_batch_while_nothing_is_known() -> None:
    ride = Ride(Counting(), max_batch=4)
    assert ride.batcher.room == 8
    ride.join(Wish("a"), Wish("b"))
    assert ride.batcher.room == 6


def test_there_is_no_room_for_who_would_be_late() -> None:
    ride = Ride(Counting(step_s=(0, 1.0)), max_batch=4)  # four seconds of work a job, whoever shares its steps
    ride.batcher.warm([Wish("warm")], within_s=100)
    ride.join(Wish("a", 4), within_s=17)
    assert ride.batcher.room == 3
    ride.step()
    assert ride.batcher.room == 3  # 3 s of work are left of the first job, and 4 s come with each more
    ride.join(*(Wish(f"{number}", 4) for number in range(3)), within_s=17)
    assert ride.batcher.room == 0


def test_an_empty_batcher_always_takes_somebody() -> None:
    ride = Ride(Counting(step_s=(100.0, 0)))
    ride.batcher.warm([Wish("warm")], within_s=1000)
    assert ride.batcher.room >= 1


def test_a_batch_without_memory_comes_again_in_half_as_many() -> None:
    ride = Ride(Counting(holds=2))
    ride.join(*(Wish(name, 2) for name in "abcd"))
    ride.to_the_end()
    assert ride.passes == ["ab", "ab", "cd", "cd"]
    assert all(isinstance(drawn, Drawn) for drawn in ride.ended.values())
    ride.join(*(Wish(name, 1) for name in "efgh"))
    ride.to_the_end()
    assert ride.passes[4:] == ["ef", "gh"]  # it remembers


def test_a_row_without_memory_even_alone_fails_and_costs_nobody_else() -> None:
    ride = Ride(Counting(holds=0))
    ride.join(Wish("a"), Wish("b"))
    ride.to_the_end()
    assert [type(end) for end in ride.ended.values()] == [RenderFailed, RenderFailed]
    ride.model.holds = 4
    ride.join(Wish("c", 1))
    ride.to_the_end()
    assert isinstance(ride.ended["c"], Drawn)


def test_a_newcomer_without_memory_waits_until_somebody_leaves() -> None:
    ride = Ride(Counting(begins=1))
    ride.join(Wish("a", 2), Wish("b", 1))
    ride.to_the_end()
    assert ride.passes == ["a", "a", "b"]
    assert all(isinstance(drawn, Drawn) for drawn in ride.ended.values())


def test_a_newcomer_without_memory_fails_if_nobody_is_there_to_leave() -> None:
    ride = Ride(Counting(begins=0))
    ride.join(Wish("a"))
    ride.step()
    assert isinstance(ride.ended["a"], RenderFailed)
    assert len(ride.batcher) == 0


def test_decoding_without_memory_is_done_in_halves() -> None:
    ride = Ride(Counting(decodes=1))
    ride.join(*(Wish(name, 1) for name in "abc"))
    ride.to_the_end()
    assert ride.model.decoded == [["a"], ["b"], ["c"]]
    assert all(isinstance(drawn, Drawn) for drawn in ride.ended.values())


def test_at_most_four_pictures_are_decoded_at_once() -> None:
    ride = Ride(Counting(), max_batch=8)
    ride.join(*(Wish(name, 1) for name in "abcdef"))
    ride.to_the_end()
    assert ride.model.decoded == [list("abcd"), list("ef")]


def test_a_row_that_is_no_number_any_more_fails_alone() -> None:
    ride = Ride(Counting(broken=("b",)))
    ride.join(Wish("a", 3), Wish("b", 3))
    ride.to_the_end()
    assert isinstance(ride.ended["b"], RenderFailed)
    assert isinstance(ride.ended["a"], Drawn)
    assert ride.passes == ["ab", "ab", "a"]


def test_a_cancelled_job_is_gone_at_once_wherever_it_is() -> None:
    ride = Ride(Counting())
    ride.join(Wish("a"), Wish("b"))
    ride.step()
    ride.join(Wish("c"))
    ride.batcher.cancel("a")
    ride.batcher.cancel("c")
    ride.batcher.cancel("nobody")
    ride.to_the_end()
    assert ride.passes == ["ab", "b", "b", "b"]
    assert list(ride.ended) == ["b"]


def test_every_step_is_reported_and_only_forward() -> None:
    ride = Ride(Counting())
    ride.join(Wish("a", 4))
    ride.to_the_end()
    assert ride.shares["a"] == [0.2, 0.4, 0.6, 0.8]


def test_a_picture_says_how_long_it_waited_and_was_painted() -> None:
    ride = Ride(Counting(step_s=(1.0, 0)), max_batch=1)
    ride.join(Wish("a", 2), Wish("b", 3))
    ride.to_the_end()
    drawn = ride.ended["b"]
    assert isinstance(drawn, Drawn)
    assert dict(drawn.stages) == {"queue": 2.0, "steps": 3.0, "decode": 0.0}
    assert drawn.pixels.dtype == np.uint8
