"""Pictures from the painter: asked for in free words, or stopped on the way. Knows no engine."""

from bot.conversation.menus import starter_choices
from bot.conversation.pictures import Captions
from bot.conversation.selfies import new_seed, order, photos_of
from bot.conversation.turn import Turn
from bot.messages import Lane, Order, Reply
from generation.styles.imagined import IMAGINE, imagine
from generation.words import check_words

MOST_LETTERS = 400


async def wanted(turn: Turn) -> Reply:
    """/imagine WORDS, for the photo that comes with it or the last one."""
    words = " ".join(turn.command.words.split())
    if not turn.promises.paints:
        return turn.reply("imagine_no_painter", *starter_choices(turn), count=len(turn.catalogue))
    if not words:
        return turn.reply("imagine_wants_words")
    if len(words) > MOST_LETTERS:
        return turn.reply("imagine_too_long", most=MOST_LETTERS)
    check_words(words)
    photo, *also = await photos_of(turn, all_of_them=True)
    if photo is None:
        return turn.reply("imagine_wants_photo", words=words)
    others = tuple(id for id in also if id is not None)
    wish = Order(IMAGINE, imagine(words).strength, photo, new_seed(), lane=Lane.PAINT, also=others, words=words)
    return await order(turn, wish)


async def stop(turn: Turn) -> Reply:
    """A button under a picture that is still being painted: keep the draft, or nothing."""
    job = await turn.store.jobs.of(turn.command.words, turn.message.user)
    post = None if job is None else await turn.store.outbox.get(job.outbox_key)
    if job is None or post is None:
        return turn.reply("nothing_there")
    return Captions(turn.catalogue).stopped(job, post.body.text)
