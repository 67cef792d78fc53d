"""From what a person typed to a command and its words. Knows grammar, not meaning."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """name: "" for a text that is no command. words: the rest of the line."""

    name: str
    words: str


def read_command(text: str) -> Command:
    """ "/Style@our_bot Goth 70" is the command "style" with the words "Goth 70"; "hello" is no command."""
    text = text.strip()
    if not text.startswith("/"):
        return Command("", text)
    head, _, words = text.partition(" ") if "\n" not in text.split(" ")[0] else text.partition("\n")
    return Command(head[1:].split("@")[0].lower(), words.strip())


def split_strength(words: str) -> tuple[str, float | None]:
    """ "goth 70 %" is ("goth", 0.7); "goth" is ("goth", None).

    Raises:
        ValueError: there is a number at the end, but not one from 1 to 100.
    """
    bare = words.strip().removesuffix("%").rstrip()
    name, _, last = bare.rpartition(" ")
    if not name or not last.lstrip("+-").replace(".", "", 1).isdecimal():
        return words.strip(), None
    percent = float(last)
    if not 1 <= percent <= 100:
        raise ValueError(name)
    return name.strip(), percent / 100
