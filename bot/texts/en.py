"""English. Errors speak English themselves (generation.errors)."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "consent": (
        "👋 Hi! I am an AI picture bot, not a person. Send me a selfie and pick a style: you get a picture of "
        "yourself in that style, always labelled as AI.\n\n"
        "What happens to your photo\n"
        "• I look for the outline of your face, hair and body in it, to know where to draw. I don't work out who "
        "you are, and I don't judge how you look.\n"
        "• It is worked on by the computer this bot runs on and passed to nobody.\n"
        "• It is deleted {photo_hours} hours after you last used it, your pictures after {picture_days} days, and "
        "everything at once when you send /forget.{painter}\n\n"
        "Send only photos of yourself, or of somebody who said yes. Is that all right with you?"
    ),
    "consent_painter": "\n• Some pictures are painted: a model on that computer looks at your photos and makes a "
    "new picture of you, in a style or from your words. It learns nothing from them. Your words go with the picture.",
    "consent_first": "First I need your yes. What you sent is not looked at until then, and answered as soon as "
    "you agree.\n\n",
    "consent_changed": "The terms below have changed since you agreed, so I ask you again.\n\n",
    "agree": "✅ I agree",
    "agreed": "Thank you! Now send me a selfie: your face from the front, in good light. You can write /style goth "
    "along with it, or tap a style first.",
    "welcome_back": "👋 I'm the AI picture bot. Send me a selfie and I draw you in a style; every picture is labelled "
    "as AI. Tap a style to begin.",
    "help": (
        "Send a selfie, and I draw you in a style.\n\n"
        "/style goth – in that style; works in a photo's caption too\n"
        "/style goth 60 – at 60 % strength\n"
        "/style goth+pink-hair – several at once\n"
        "/sheet – nine styles on your face\n"
        "/styles – all the styles\n"
        "/last – your last picture again\n"
        "/privacy – what happens to your photos\n"
        "/forget – erase everything I have of you\n\n"
        "Under every picture there are buttons for stronger, softer, other styles and more."
    ),
    "help_imagine": "\n\n/imagine me as a lighthouse keeper in a storm – painted from your words",
    "privacy": (
        "🔒 Your photos and pictures\n"
        "• Kept on the computer this bot runs on, and passed to nobody.\n"
        "• Photos are deleted {photo_hours} hours after you last used them, pictures after {picture_days} days.\n"
        "• For softer and stronger, your last pictures stay in the computer's memory for up to five minutes.\n"
        "• Location and all other hidden data in a photo are thrown away when it is read.\n"
        "• I find the outline of a face to draw on it. I make no face print and recognise nobody.\n"
        "• Logs hold no photo, no name and no text of yours.\n"
        "• Every picture says that AI changed it: in a corner, and inside the file.{painter}\n\n"
        "You agreed: {agreed}.\n/forget erases everything at once."
    ),
    "not_agreed": "not yet",
    "styles": "There are {count} styles. Write /style and a name, or join some: /style goth+pink-hair+round-glasses\n\n"
    "{list}",
    "pack": "{pack}, {count} styles. Tap one, or write /style and its name.\n\n{list}",
    "pack_everyday": "Everyday",
    "pack_makeup": "Make-up",
    "pack_hair": "Hair",
    "pack_face": "Face",
    "pack_accessories": "Accessories",
    "pack_worlds": "Worlds",
    "pack_places": "Places",
    "all_packs": "🗂️ All packs",
    "unknown_pack": "There is no pack called “{pack}”. Here is the menu:",
    "nine": "🔢 Nine on my face",
    "more_nine": "➡️ Nine more",
    "sheet_title": "{count} styles on your face",
    "sheet_done": "🤖 AI-modified pictures of you. Tap a number to have it large.",
    "sheet_wants_photo": "Send me a selfie first, and I show you nine styles on your own face.",
    "alt_sheet": "A sheet of AI-modified pictures of you: {list}.",
    "more_styles": "✨ More styles",
    "photo_wanted": "{emoji} {style}: a good choice! Now send me a selfie, and I draw you like that.",
    "painting": "{emoji} {style}: painting, {percent} %…",
    "painting_on": "🖌️ The painter goes on from here…",
    "painting_share": "🖌️ Painting, {percent} %…",
    "painting_waits": "🖌️ Waiting for the painter, {place}",
    "draft_kept": "That is the quick drawing. {why}",
    "draft_stopped": "Stopped. That is the quick drawing.",
    "stop": "⏹️ Stop",
    "stopped": "{emoji} {style}: stopped.",
    "more_me": "🧑 More of me",
    "more_style": "🎨 More of the style",
    "imagine_wants_words": "Say as what you want to see yourself, for example: "
    "/imagine me as a lighthouse keeper in a storm",
    "imagine_wants_photo": "Now send me your selfie, with this as its caption:\n/imagine {words}",
    "imagine_too_long": "That is a long story. Please say it in up to {most} letters.",
    "imagine_no_painter": "This bot has no painter, so I can't paint from free words. But there are {count} styles:",
    "queued": "{emoji} {style}: in the queue…",
    "waiting": "{emoji} {style}: in the queue, {place}",
    "working": "{emoji} {style}: drawing…",
    "caption_enhanced": "🤖 AI-modified picture · {emoji} {style}{strength}",
    "caption_composite": "🤖 AI-modified picture · {emoji} {style}{strength}",
    "caption_generated": "🤖 AI-generated picture · {emoji} {style}{strength}",
    "caption_drawn": "🤖 AI-generated picture · {emoji} {style}{strength}",
    "strength": " at {percent} %",
    "caption_beside": "Left: your photo. Right: {style}.",
    "alt": "AI-modified picture of you in the style “{style}”: {line}",
    "alt_beside": "Your photo at the left, and at the right the AI-modified picture in the style “{style}”.",
    "softer": "➖ Softer",
    "stronger": "➕ Stronger",
    "again": "🔁 Again",
    "beside": "🪞 With the original",
    "delete": "🗑️ Delete",
    "try_again": "🔁 Try again",
    "deleted": "🗑️ Deleted. The picture is erased here; copies you saved are yours.",
    "nothing_there": "That picture is not here any more.",
    "forget_sure": "This erases your photos, pictures, consent and our whole chat, for good. Shall I?",
    "forget_yes": "🗑️ Yes, erase everything",
    "forget_no": "Keep it",
    "kept": "Fine, everything stays.",
    "forgotten": "🗑️ Done: I have erased everything I had of you. Send anything to begin anew.",
    "unknown_command": "I don't know /{command}. Here is what I can do:\n\n{help}",
    "did_you_mean": "Did you mean one of these?",
    "chat": "I'm better at pictures than at talk. Send me a selfie, or tap a style.",
    "need_style": "Which style? Tap one, or write for example /style goth.",
    "strength_range": "A strength is a number from 1 to 100, for example /style {style} 60.",
    "first_of_many": "I used the first of your photos.",
    "queue_full": "You have {count} pictures in the making. I take the next one as soon as one of them is done.",
    "old_button": "That button is too old to work. Here is the menu:",
    "not_yours": "That button belongs to somebody else. Send me your own selfie!",
    "bug": "Something went wrong on our side. Please try again; if it stays, tell the operator the number {ref}.",
    "last_none": "I have no picture of yours. Send me a selfie!",
    "file": "📎 Send as file",
    "share": "📣 Share here",
    "not_a_photo": "That is no photo I can draw on. Please send me a selfie as a photo or an image file.",
    "not_your_photo": "I only draw on photos people send of themselves. Please send me your own selfie.",
    "too_large": "That file is too large for me to fetch here. Please send it as a photo, or a smaller copy.",
    "start_here": "I may not write to you alone yet. Tap here, press Start, and your picture comes: {link}",
    "command_style": "draw my selfie in a style",
    "command_styles": "all the styles",
    "command_sheet": "nine styles on my face",
    "command_imagine": "me, painted as you say",
    "command_last": "my last picture again",
    "command_help": "how it works",
    "command_privacy": "what happens to my photos",
    "command_forget": "erase everything of mine",
    "command_start": "begin",
    "discord_selfie": "send 1 to 4 selfies and pick a style",
    "discord_style": "the style, for example goth",
    "discord_photo": "your selfie; your last one if you leave this out",
    "discord_strength": "1 to 100; the style's own if you leave this out",
    "discord_words": "what you want to see yourself as",
    "discord_title": "Your selfie",
    "discord_photos": "1 to 4 photos of yourself",
    "discord_menu": "Style this selfie",
    "discord_ready": "A picture is ready for somebody here whom I may not write to: send /last to see it.",
    "note_no_hair": "I found no hair to colour, so I left that out.",
    "note_no_headroom": "I moved the picture down a little to make room above your head.",
    "note_head_cut": "Your photo ends below the top of your head, so I left out what belongs up there.",
    "note_ears_hidden": "Your ears are hidden, so I left out what belongs there.",
    "note_neck_hidden": "Your neck is hidden, so I left out what belongs there.",
    "note_eyes_closed": "Your eyes are closed, so I left out the make-up of the eyes.",
    "note_others_left_alone": "I changed only the largest face; the others stay as they are.",
    "note_soft_photo": "Your photo is a little blurred; a sharper one would look better.",
    "note_dim_photo": "Your photo is a little dark; more light would look better.",
    "note_small_face": "Your face is rather small in the photo; closer would look better.",
    "note_turned_face": "Your face is turned; from the front it would look better.",
}

ERRORS: Mapping[str, str] = {}


def ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
