"""What is said under a picture: while it is made, when it is done, when it could not be made, when it is deleted."""

import dataclasses
from dataclasses import dataclass

from bot.conversation.menus import other_styles, titled
from bot.conversation.turn import Turn
from bot.messages import Choice, Lane, Reply, with_last_line
from bot.texts import place as place_words
from bot.texts import say, sentence
from db.records import JobRow
from generation.errors import PainterAway, PainterFull, PhotoError, RenderFailed, UnknownStyle, UserError
from generation.job import Picture
from generation.label.kinds import Kind
from generation.styles import Catalogue, Style

STEP = 20
"""How much stronger or softer a tap makes it, in percent."""
MOST = 100
LEAN = 25
"""How much more it is the person or the style after a tap, in percent."""


@dataclass(frozen=True, slots=True)
class Captions:
    """Words and buttons for pictures; all of them depend on the job alone, so they are the same after a restart."""

    catalogue: Catalogue

    def finished(self, job: JobRow, picture: Picture, picture_id: int) -> Reply:
        """The picture with its caption and buttons."""
        style = self._style(job)
        if job.sheet:
            return self._shown(job, style, say(job.lang, "sheet_done"), picture_id)
        return self._shown(job, style, self._caption(job, style, picture), picture_id)

    def drafted(self, job: JobRow, picture: Picture, picture_id: int) -> Reply:
        """The quick drawing, while the painter goes on from it. Its last line is about that."""
        style = self._style(job)
        text = self._caption(job, style, picture) + "\n" + say(job.lang, "painting_on")
        alt = say(job.lang, "alt", style=style.title, line=style.line)
        return Reply(text, (_stop(job),), picture=picture_id, alt=alt, unfinished=True)

    def kept(self, job: JobRow, picture_id: int, text: str, error: UserError) -> Reply:
        """The quick drawing, which is all there will be. text: what stood under it."""
        why = say(job.lang, "draft_kept", why=sentence(job.lang, error))
        return self._draft(job, with_last_line(text, why), picture_id)

    def stopped(self, job: JobRow, text: str) -> Reply:
        """The person wants no more of it. text: what stood there."""
        if job.picture is not None:
            text = with_last_line(text, say(job.lang, "draft_stopped"))
            return dataclasses.replace(self._draft(job, text, job.picture), stops=job.id)
        words = say(job.lang, "stopped", **titled(self.catalogue, job.lang, job))
        if (style := self.catalogue.named(job.style, job.words)) is None:
            return Reply(words, (_more(job),), stops=job.id)
        redraw = Choice(say(job.lang, "try_again"), _redraw(job, style, _percent(job), job.seed))
        return Reply(words, (redraw, _more(job)), stops=job.id)

    def _draft(self, job: JobRow, text: str, picture: int) -> Reply:
        """It stays; its style may have gone since it was drawn, when the bot was started again."""
        style = self.catalogue.named(job.style, job.words)
        if style is None:
            choices = _more(job), Choice(say(job.lang, "delete"), f"/delete {job.id}")
            return Reply(text, choices, picture=picture, alt=text.splitlines()[0])
        return self._shown(job, style, text, picture)

    def _caption(self, job: JobRow, style: Style, picture: Picture) -> str:
        percent = _percent(job)
        strength = "" if percent == round(style.strength * 100) else say(job.lang, "strength", percent=percent)
        caption = Kind(picture.kind).words.caption
        lines = [say(job.lang, caption, emoji=style.emoji, style=style.title, strength=strength)]
        if job.words:
            lines.append(f"“{job.words}”")
        if job.beside:
            lines.append(say(job.lang, "caption_beside", style=style.title))
        if job.many:
            lines.append(say(job.lang, "first_of_many"))
        lines += [say(job.lang, f"note_{note}") for note in picture.notes]
        return "\n".join(lines)

    def shown_again(self, job: JobRow, text: str) -> Reply:
        """A picture that was shown before, under a new message; text: what it said then."""
        style = self.catalogue.named(job.style, job.words)
        if style is None or job.picture is None:
            return Reply(say(job.lang, "nothing_there"))
        return self._shown(job, style, text, job.picture)

    def failed(self, job: JobRow, error: UserError) -> Reply:
        """The reason in the person's words, and what they can tap."""
        text = sentence(job.lang, error)
        style = self.catalogue.named(job.style, job.words)
        if style is None:
            return Reply(sentence(job.lang, UnknownStyle(job.style, ())), (_more(job),))
        if isinstance(error, RenderFailed | PainterAway | PainterFull):
            return Reply(text, (Choice(say(job.lang, "try_again"), _redraw(job, style, _percent(job), 0)), _more(job)))
        if isinstance(error, PhotoError):
            return Reply(text)
        others = other_styles(self.catalogue, style, job.seed)
        return Reply(text, (*(_style(job, other) for other in others), _more(job)))

    def waiting(self, job: JobRow, place: int) -> str:
        where = place_words(job.lang, place)
        if job.picture is not None:
            return say(job.lang, "painting_waits", place=where)
        return say(job.lang, "waiting", place=where, **titled(self.catalogue, job.lang, job))

    def working(self, job: JobRow, share: float) -> str:
        percent = round(share * 100)
        if job.picture is not None:
            return say(job.lang, "painting_share", percent=percent)
        key = "painting" if job.lane == Lane.PAINT else "working"
        return say(job.lang, key, percent=percent, **titled(self.catalogue, job.lang, job))

    def _style(self, job: JobRow) -> Style:
        """The job's style, which was in the catalogue when it was drawn, in this same process."""
        style = self.catalogue.named(job.style, job.words)
        if style is None:
            raise UnknownStyle(job.style, ())
        return style

    def _shown(self, job: JobRow, style: Style, text: str, picture: int) -> Reply:
        if job.sheet:
            return self._sheet(job, text, picture)
        alt = say(job.lang, "alt_beside" if job.beside else "alt", style=style.title, line=style.line)
        choices = self._few(job) if job.beside else self._all(job, style)
        return Reply(text, choices, picture=picture, alt=alt)

    def _sheet(self, job: JobRow, text: str, picture: int) -> Reply:
        """A number for each style on it."""
        styles = [self.catalogue.styles.get(name) for name in job.sheet]
        named = [(str(number), style) for number, style in enumerate(styles, 1) if style is not None]
        numbers = [Choice(number, _redraw(job, style, round(style.strength * 100), 0)) for number, style in named]
        alt = say(job.lang, "alt_sheet", list=", ".join(f"{number} {style.title}" for number, style in named))
        more = Choice(say(job.lang, "more_nine"), f"/more {job.id}")
        delete = Choice(say(job.lang, "delete"), f"/delete {job.id}")
        return Reply(text, (*numbers, more, _more(job), delete), picture=picture, alt=alt)

    def _all(self, job: JobRow, style: Style) -> tuple[Choice, ...]:
        percent, least, choices = _percent(job), round(style.least * 100), []
        if percent > least and not style.fixed:
            softer = _redraw(job, style, max(least, percent - STEP), job.seed)
            choices.append(Choice(say(job.lang, "softer"), softer))
        if percent < MOST and not style.fixed:
            stronger = _redraw(job, style, min(MOST, percent + STEP), job.seed)
            choices.append(Choice(say(job.lang, "stronger"), stronger))
        if job.lane == Lane.PAINT:
            choices += self._leanings(job, style)
        choices.append(Choice(say(job.lang, "again"), _redraw(job, style, percent, 0)))
        choices.append(Choice(say(job.lang, "beside"), f"/beside {job.id}"))
        choices += [_style(job, other) for other in other_styles(self.catalogue, style, job.seed)]
        return (*choices, *self._few(job))

    def _leanings(self, job: JobRow, style: Style) -> list[Choice]:
        """More of the person or more of the style, with the same seed."""
        now = round(job.likeness * 100)
        leanings = (("more_me", min(100, now + LEAN)), ("more_style", max(0, now - LEAN)))
        redraw = _redraw(job, style, _percent(job), job.seed)
        return [Choice(say(job.lang, key), f"{redraw} {then}") for key, then in leanings if then != now]

    def _few(self, job: JobRow) -> tuple[Choice, ...]:
        offers = [Choice(say(job.lang, offer), f"/{offer} {job.id}") for offer in job.offers]
        nine = Choice(say(job.lang, "nine"), f"/more {job.id}")
        return *offers, nine, _more(job), Choice(say(job.lang, "delete"), f"/delete {job.id}")


async def last(turn: Turn) -> Reply:
    """/last: the latest picture, as it was shown."""
    job = await turn.store.jobs.last(turn.message.user)
    return turn.reply("last_none") if job is None else await _again(turn, job)


async def share(turn: Turn) -> Reply:
    """A button under a picture shown to its owner alone: show it to everybody in that chat."""
    reply = await _again_of(turn)
    return reply if reply.picture is None else dataclasses.replace(reply, choices=(), public=True)


async def file(turn: Turn) -> Reply:
    """A button under a picture: the file itself, at full quality."""
    reply = await _again_of(turn)
    return reply if reply.picture is None else dataclasses.replace(reply, choices=(), as_file=True)


async def _again_of(turn: Turn) -> Reply:
    job = await turn.store.jobs.of(turn.command.words, turn.message.user)
    return turn.reply("nothing_there") if job is None else await _again(turn, job)


async def _again(turn: Turn, job: JobRow) -> Reply:
    post = await turn.store.outbox.get(job.outbox_key)
    if post is None or job.picture is None or not await turn.store.blobs.has(job.picture, turn.message.user):
        return turn.reply("nothing_there")
    return Captions(turn.catalogue).shown_again(job, post.body.text)


async def delete(turn: Turn) -> Reply:
    """A button under a picture: erase it, and what the message showed."""
    if await turn.store.jobs.of(turn.command.words, turn.message.user) is None:
        return turn.reply("nothing_there")
    turn.store.people.forgotten.ring()
    return Reply(turn.say("deleted"), deletes=turn.command.words)


def _stop(job: JobRow) -> Choice:
    return Choice(say(job.lang, "stop"), f"/stop {job.id}")


def _percent(job: JobRow) -> int:
    return round(job.strength * 100)


def _redraw(job: JobRow, style: Style, percent: int, seed: int) -> str:
    """seed 0: a new one each time."""
    return f"/redraw {job.id} {style.name} {percent} {seed}"


def _style(job: JobRow, style: Style) -> Choice:
    return Choice(f"{style.emoji} {style.title}", _redraw(job, style, round(style.strength * 100), job.seed))


def _more(job: JobRow) -> Choice:
    return Choice(say(job.lang, "more_styles"), "/styles")
