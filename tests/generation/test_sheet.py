"""What stands on a sheet can be read."""

import pytest

from generation.sheet import in_basic_letters


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Ombré", "Ombre"),
        ("Goth + Pink hair", "Goth + Pink hair"),
        ("Naïve Çelik", "Naive Celik"),
        ("🧜 Mermaid", "Mermaid"),
        ("彩虹 rainbow", "rainbow"),
    ],
)
def test_titles_are_written_without_boxes(title: str, written: str) -> None:
    assert in_basic_letters(title) == written
