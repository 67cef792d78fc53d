"""/privacy and /forget."""

from bot.conversation.consent import agreed_when, promised
from bot.conversation.turn import Turn
from bot.messages import Reply

SURE = "yes"


async def privacy(turn: Turn) -> Reply:
    return turn.reply("privacy", agreed=agreed_when(turn), **promised(turn))


async def forget(turn: Turn) -> Reply:
    """Asks once, then erases everything there is of this person."""
    if turn.command.words == "no":
        return turn.reply("kept")
    if turn.command.words != SURE:
        yes, no = turn.choice("forget_yes", f"/forget {SURE}"), turn.choice("forget_no", "/forget no")
        return turn.reply("forget_sure", yes, no)
    await turn.store.people.forget(turn.message.user)
    return Reply(turn.say("forgotten"), wipes=True)
