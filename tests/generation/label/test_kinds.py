"""One table feeds pill, metadata and caption: these tests keep its columns from contradicting one another."""

import subprocess
import sys

import pytest

from generation.label.kinds import IPTC, WORDS, Kind, kind_of_many

every_kind = pytest.mark.parametrize("kind", Kind)


def test_every_kind_is_in_the_table():
    assert set(WORDS) == set(Kind)


@every_kind
def test_the_words_begin_with_what_the_pill_says(kind):
    assert kind.words.said.startswith(f"AI-{kind.words.badge.lower()} ")


@every_kind
def test_a_model_is_named_exactly_when_a_trained_one_made_pixels(kind):
    trained = "trainedalgorithmicmedia" in kind.words.source.lower()
    assert ("generative model" in kind.words.said) == trained


@every_kind
def test_a_persons_photo_is_modified_and_a_new_picture_is_generated(kind):
    assert ("photo" in kind.words.said) == (kind.words.badge == "MODIFIED")
    assert (kind in (Kind.ENHANCED, Kind.COMPOSITE)) == (kind.words.badge == "MODIFIED")


def test_no_picture_is_ever_called_an_untouched_photo():
    assert not any("capture" in kind.words.source.lower() for kind in Kind)


def test_the_source_is_the_full_uri_of_the_vocabulary():
    assert Kind.ENHANCED.words.source_uri == IPTC + "algorithmicallyEnhanced"


def test_sources_and_captions_tell_every_kind_apart():
    assert len({kind.words.source for kind in Kind}) == len({kind.words.caption for kind in Kind}) == len(Kind)


def test_the_bot_can_read_the_table_without_loading_anything_that_draws():
    code = "import sys, generation.label.kinds; sys.exit(any(m in sys.modules for m in ('PIL', 'numpy', 'cv2')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("kinds", "whole"),
    [
        ([Kind.ENHANCED, Kind.ENHANCED], Kind.ENHANCED),
        ([Kind.DRAWN], Kind.DRAWN),
        ([Kind.ENHANCED, Kind.DRAWN], Kind.ENHANCED),
        ([Kind.ENHANCED, Kind.COMPOSITE], Kind.COMPOSITE),
        ([Kind.DRAWN, Kind.GENERATED], Kind.COMPOSITE),
        ([], Kind.ENHANCED),
    ],
)
def test_a_sheet_does_not_hide_what_a_model_made(kinds, whole):
    assert kind_of_many(kinds) is whole
