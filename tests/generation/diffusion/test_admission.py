"""The arithmetic of deadlines."""

import pytest

from generation.engines.diffusion.admission import Due, best_size, more, sizes_up_to
from generation.engines.diffusion.timetable import TimeTable


@pytest.mark.parametrize(
    ("most", "sizes"), [(1, (1,)), (2, (1, 2)), (4, (1, 2, 4)), (6, (1, 2, 4, 6)), (8, (1, 2, 4, 8))]
)
def test_there_are_few_batch_sizes(most: int, sizes: tuple[int, ...]) -> None:
    assert sizes_up_to(most) == sizes


def test_the_largest_size_that_makes_nobody_late_is_taken() -> None:
    rows = [Due(4, 20.0)] * 8
    assert best_size(rows, (1, 2, 4, 8), lambda count: 1 + 0.5 * count) == 8
    assert best_size([Due(4, 11.0)] + [Due(4, 99.0)] * 7, (1, 2, 4, 8), lambda count: 1 + 0.5 * count) == 2


def test_where_somebody_is_late_at_any_size_the_fewest_are() -> None:
    rows = [Due(4, 4.5), Due(4, 4.5), Due(4, 4.5)]  # each could be in time, alone
    assert best_size(rows, (1, 2), lambda count: float(count)) == 1


def test_who_would_be_late_alone_does_not_count() -> None:
    assert best_size([Due(4, -1.0), Due(4, 100.0)], (1, 2, 4), lambda count: 1 + 0.5 * count) == 2


def test_patience_decides_only_where_it_can_be_kept() -> None:
    def step_s(count: int) -> float:
        return 1 + 0.5 * count

    assert best_size([Due(4, 99.0, 11.0)] * 4, (1, 2, 4), step_s) == 4  # it would take two of them at least 16 s
    assert best_size([Due(4, 99.0, 16.5)] * 4, (1, 2), step_s) == 2
    assert best_size([Due(4, 99.0, 9.0), *[Due(4, 99.0)] * 3], (1, 2, 4), step_s) == 2


def test_a_late_person_weighs_more_than_an_impatient_one() -> None:
    rows = [Due(4, 99.0, 8.5), Due(4, 9.5, 99.0)]
    assert best_size(rows, (1, 2), lambda count: 1 + 0.2 * count) == 2
    assert best_size([Due(4, 99.0, 8.5), Due(4, 8.0, 99.0)], (1, 2), lambda count: 1 + count) == 1


@pytest.mark.parametrize(("of_each_row", "size"), [(1.0, 1), (0.985, 1), (0.9, 4)])
def test_of_sizes_that_are_as_fast_the_smallest_is_taken(of_each_row: float, size: int) -> None:
    assert best_size([Due(4, 99.0)] * 4, (1, 2, 4), lambda count: 1 - of_each_row + of_each_row * count) == size


def test_while_nothing_is_known_batches_are_large() -> None:
    assert best_size([Due(4, 99.0)] * 4, (1, 2, 4), lambda count: 0.0) == 4


def test_no_more_are_taken_than_seats_and_time_allow() -> None:
    assert more(backlog_s=10, each_s=5, patience_s=60, seats=4) == 4
    assert more(backlog_s=50, each_s=5, patience_s=60, seats=4) == 2
    assert more(backlog_s=70, each_s=5, patience_s=60, seats=4) == 0
    assert more(backlog_s=0, each_s=100, patience_s=60, seats=4) == 1
    assert more(backlog_s=0, each_s=5, patience_s=60, seats=-1) == 0


def test_the_table_guesses_what_it_never_measured() -> None:
    table = TimeTable()
    assert table.seconds("square", 4) == 0
    table.note("square", 2, 1.0)
    assert 1.8 < table.seconds("square", 4) < 2.0  # in proportion, or a little better
    assert 0.5 < table.seconds("wide", 1) < 0.6
    table.note("square", 4, 1.2)
    assert table.seconds("square", 3) == pytest.approx(1.1)
    table.note("wide", 2, 3.0)
    assert table.seconds("wide", 4) == pytest.approx(3.6)  # as the other bucket grew
