"""How long people wait for a busy painter, simulated."""

from __future__ import annotations

import numpy as np
import pytest

from tests.generation.diffusion.crowd import one_by_one, serve

SATURATED = 0.0, 0.1
"""A step of twice the rows takes twice the time: large pictures."""

NEARLY = 0.006, 0.094
ROOMY = 0.095, 0.005
"""A step of more rows takes hardly more time: small pictures on a large card."""


@pytest.mark.parametrize("max_batch", [4, 8])
@pytest.mark.parametrize("load", [0.5, 0.8])
def test_on_a_saturated_card_nobody_waits_longer_than_by_the_shortest_queue_there_is(
    load: float, max_batch: int
) -> None:
    times, least = serve(SATURATED, load, max_batch).times, one_by_one(load)
    for share in (50, 95):
        assert np.percentile(times, share) <= 1.02 * np.percentile(least, share)


@pytest.mark.parametrize("max_batch", [4, 8])
def test_on_a_roomy_card_hardly_anybody_waits_longer_than_twice_their_time_alone(max_batch: int) -> None:
    assert np.percentile(serve(ROOMY, 0.5, max_batch).times, 95) <= 2
    assert np.percentile(serve(ROOMY, 0.8, max_batch).times, 75) <= 2


@pytest.mark.parametrize("max_batch", [4, 8])
@pytest.mark.parametrize("step_s", [SATURATED, NEARLY, ROOMY])
def test_patience_costs_no_pictures_when_more_people_come_than_there_is_time_for(
    step_s: tuple[float, float], max_batch: int
) -> None:
    assert serve(step_s, 1.1, max_batch).rate > 0.97
