"""German."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "consent": (
        "👋 Hallo! Ich bin ein KI-Bilderbot, kein Mensch. Schick mir ein Selfie und wähle einen Stil: Du bekommst ein "
        "Bild von dir in diesem Stil, immer als KI gekennzeichnet.\n\n"
        "Was mit deinem Foto geschieht\n"
        "• Ich suche darin die Umrisse von Gesicht, Haar und Körper, um zu wissen, wo ich zeichne. Ich stelle nicht "
        "fest, wer du bist, und beurteile nicht, wie du aussiehst.\n"
        "• Es wird auf dem Rechner bearbeitet, auf dem dieser Bot läuft, und an niemanden weitergegeben.\n"
        "• Es wird {photo_hours} Stunden nach dem letzten Gebrauch gelöscht, deine Bilder nach {picture_days} Tagen, "
        "und alles sofort, wenn du /forget schickst.{painter}\n\n"
        "Schick nur Fotos von dir selbst oder von jemandem, der zugestimmt hat. Ist das in Ordnung für dich?"
    ),
    "consent_painter": "\n• Manche Bilder werden gemalt: Ein Modell auf diesem Rechner sieht deine Fotos an und "
    "macht ein neues Bild von dir, in einem Stil oder nach deinen Worten. Es lernt nichts daraus. Deine Worte gehen "
    "mit dem Bild.",
    "consent_first": "Erst brauche ich dein Ja. Was du geschickt hast, sehe ich bis dahin nicht an; sobald du "
    "zustimmst, antworte ich darauf.\n\n",
    "consent_changed": "Die Bedingungen unten haben sich geändert, seit du zugestimmt hast; darum frage ich noch "
    "einmal.\n\n",
    "agree": "✅ Einverstanden",
    "agreed": "Danke! Schick mir jetzt ein Selfie: dein Gesicht von vorn, in gutem Licht. Du kannst /style goth "
    "dazuschreiben oder erst einen Stil antippen.",
    "welcome_back": "👋 Ich bin der KI-Bilderbot. Schick mir ein Selfie, und ich zeichne dich in einem Stil; jedes "
    "Bild ist als KI gekennzeichnet. Tippe zum Anfang auf einen Stil.",
    "help": (
        "Schick ein Selfie, und ich zeichne dich in einem Stil.\n\n"
        "/style goth – in diesem Stil; geht auch als Bildunterschrift\n"
        "/style goth 60 – mit 60 % Stärke\n"
        "/style goth+pink-hair – mehrere zugleich\n"
        "/sheet – neun Stile auf deinem Gesicht\n"
        "/styles – alle Stile\n"
        "/last – dein letztes Bild noch einmal\n"
        "/privacy – was mit deinen Fotos geschieht\n"
        "/forget – alles löschen, was ich von dir habe\n\n"
        "Unter jedem Bild sind Knöpfe für stärker, sanfter, andere Stile und mehr."
    ),
    "help_imagine": "\n\n/imagine ich als Leuchtturmwärter im Sturm – nach deinen Worten gemalt",
    "privacy": (
        "🔒 Deine Fotos und Bilder\n"
        "• Sie liegen auf dem Rechner, auf dem dieser Bot läuft, und gehen an niemanden.\n"
        "• Fotos werden {photo_hours} Stunden nach dem letzten Gebrauch gelöscht, Bilder nach {picture_days} Tagen.\n"
        "• Für „stärker“ und „sanfter“ bleiben deine letzten Bilder bis zu fünf Minuten im Arbeitsspeicher.\n"
        "• Ort und alle anderen versteckten Angaben eines Fotos werden beim Lesen verworfen.\n"
        "• Ich finde die Umrisse eines Gesichts, um darauf zu zeichnen. Ich erkenne niemanden wieder.\n"
        "• In den Protokollen steht kein Foto, kein Name und kein Text von dir.\n"
        "• Jedes Bild sagt, dass KI es verändert hat: in einer Ecke und in der Datei.{painter}\n\n"
        "Deine Zustimmung: {agreed}.\n/forget löscht alles auf einmal."
    ),
    "not_agreed": "noch keine",
    "styles": "Es gibt {count} Stile. Schreib /style und einen Namen, oder verbinde welche: "
    "/style goth+pink-hair+round-glasses\n\n{list}",
    "pack": "{pack}, {count} Stile. Tippe auf einen oder schreib /style und seinen Namen.\n\n{list}",
    "pack_everyday": "Alltag",
    "pack_makeup": "Make-up",
    "pack_hair": "Haare",
    "pack_face": "Gesicht",
    "pack_accessories": "Accessoires",
    "pack_worlds": "Welten",
    "pack_places": "Orte",
    "all_packs": "🗂️ Alle Gruppen",
    "unknown_pack": "Eine Gruppe „{pack}“ gibt es nicht. Hier ist das Menü:",
    "nine": "🔢 Neun auf meinem Gesicht",
    "more_nine": "➡️ Neun weitere",
    "sheet_title": "{count} Stile auf deinem Gesicht",
    "sheet_done": "🤖 KI-veränderte Bilder von dir. Tippe auf eine Zahl, um es groß zu bekommen.",
    "sheet_wants_photo": "Schick mir zuerst ein Selfie, dann zeige ich dir neun Stile auf deinem eigenen Gesicht.",
    "alt_sheet": "Ein Bogen KI-veränderter Bilder von dir: {list}.",
    "more_styles": "✨ Mehr Stile",
    "photo_wanted": "{emoji} {style}: gute Wahl! Schick mir jetzt ein Selfie, und ich zeichne dich so.",
    "painting": "{emoji} {style}: ich male, {percent} %…",
    "painting_on": "🖌️ Der Maler macht von hier aus weiter…",
    "painting_share": "🖌️ Ich male, {percent} %…",
    "painting_waits": "🖌️ Wartet auf den Maler, {place} Platz",
    "draft_kept": "Das ist die schnelle Zeichnung. {why}",
    "draft_stopped": "Angehalten. Das ist die schnelle Zeichnung.",
    "stop": "⏹️ Anhalten",
    "stopped": "{emoji} {style}: angehalten.",
    "more_me": "🧑 Mehr von mir",
    "more_style": "🎨 Mehr vom Stil",
    "imagine_wants_words": "Sag, als was du dich sehen willst, zum Beispiel: "
    "/imagine ich als Leuchtturmwärter im Sturm",
    "imagine_wants_photo": "Schick mir jetzt dein Selfie und schreib dazu:\n/imagine {words}",
    "imagine_too_long": "Das ist eine lange Geschichte. Bitte sag es in höchstens {most} Buchstaben.",
    "imagine_no_painter": "Dieser Bot hat keinen Maler, deshalb kann ich nicht nach freien Worten malen. Aber es gibt "
    "{count} Stile:",
    "queued": "{emoji} {style}: in der Warteschlange…",
    "waiting": "{emoji} {style}: in der Warteschlange, {place} Platz",
    "working": "{emoji} {style}: ich zeichne…",
    "caption_enhanced": "🤖 KI-bearbeitetes Bild · {emoji} {style}{strength}",
    "caption_composite": "🤖 KI-bearbeitetes Bild · {emoji} {style}{strength}",
    "caption_generated": "🤖 KI-generiertes Bild · {emoji} {style}{strength}",
    "caption_drawn": "🤖 KI-generiertes Bild · {emoji} {style}{strength}",
    "strength": " mit {percent} %",
    "caption_beside": "Links: dein Foto. Rechts: {style}.",
    "alt": "KI-bearbeitetes Bild von dir im Stil „{style}“: {line}",
    "alt_beside": "Links dein Foto, rechts das KI-bearbeitete Bild im Stil „{style}“.",
    "softer": "➖ Sanfter",
    "stronger": "➕ Stärker",
    "again": "🔁 Noch einmal",
    "beside": "🪞 Mit dem Original",
    "delete": "🗑️ Löschen",
    "try_again": "🔁 Noch einmal versuchen",
    "deleted": "🗑️ Gelöscht. Hier ist das Bild weg; was du gespeichert hast, gehört dir.",
    "nothing_there": "Dieses Bild ist nicht mehr da.",
    "forget_sure": "Das löscht deine Fotos, Bilder, deine Zustimmung und unser ganzes Gespräch, endgültig. Soll ich?",
    "forget_yes": "🗑️ Ja, alles löschen",
    "forget_no": "Behalten",
    "kept": "Gut, alles bleibt.",
    "forgotten": "🗑️ Erledigt: Ich habe alles gelöscht, was ich von dir hatte. Schick irgendetwas, um neu anzufangen.",
    "unknown_command": "/{command} kenne ich nicht. Das kann ich:\n\n{help}",
    "did_you_mean": "Meintest du einen von diesen?",
    "chat": "Bilder kann ich besser als Gespräche. Schick mir ein Selfie oder tippe auf einen Stil.",
    "need_style": "Welchen Stil? Tippe auf einen oder schreib zum Beispiel /style goth.",
    "strength_range": "Eine Stärke ist eine Zahl von 1 bis 100, zum Beispiel /style {style} 60.",
    "first_of_many": "Ich habe das erste deiner Fotos genommen.",
    "queue_full": "Du hast {count} Bilder in Arbeit. Das nächste nehme ich an, sobald eins davon fertig ist.",
    "old_button": "Dieser Knopf ist zu alt. Hier ist das Menü:",
    "not_yours": "Dieser Knopf gehört jemand anderem. Schick mir dein eigenes Selfie!",
    "bug": "Bei uns ist etwas schiefgegangen. Bitte versuch es noch einmal; wenn es bleibt, nenne dem Betreiber die "
    "Nummer {ref}.",
    "last_none": "Ich habe kein Bild von dir. Schick mir ein Selfie!",
    "file": "📎 Als Datei",
    "share": "📣 Hier teilen",
    "not_a_photo": "Das ist kein Foto, auf dem ich zeichnen kann. Bitte schick mir ein Selfie als Foto oder Bilddatei.",
    "not_your_photo": "Ich zeichne nur auf Fotos, die Leute von sich selbst schicken. Bitte schick mir dein eigenes "
    "Selfie.",
    "too_large": "Diese Datei ist zu groß, als dass ich sie hier holen kann. Bitte schick sie als Foto oder kleiner.",
    "start_here": "Ich darf dir noch nicht allein schreiben. Tippe hier, drück auf Start, und dein Bild kommt: {link}",
    "command_style": "mein Selfie in einem Stil zeichnen",
    "command_styles": "alle Stile",
    "command_sheet": "neun Stile auf meinem Gesicht",
    "command_imagine": "ich, gemalt nach deinen Worten",
    "command_last": "mein letztes Bild noch einmal",
    "command_help": "wie es geht",
    "command_privacy": "was mit meinen Fotos geschieht",
    "command_forget": "alles von mir löschen",
    "command_start": "anfangen",
    "discord_selfie": "1 bis 4 Selfies schicken und einen Stil wählen",
    "discord_style": "der Stil, zum Beispiel goth",
    "discord_photo": "dein Selfie; ohne Angabe dein letztes",
    "discord_strength": "1 bis 100; ohne Angabe die des Stils",
    "discord_words": "als was du dich sehen willst",
    "discord_title": "Dein Selfie",
    "discord_photos": "1 bis 4 Fotos von dir",
    "discord_menu": "Selfie verwandeln",
    "discord_ready": "Ein Bild ist fertig für jemanden hier, dem ich nicht schreiben darf: /last zeigt es.",
    "note_no_hair": "Ich habe kein Haar zum Färben gefunden und das weggelassen.",
    "note_no_headroom": "Ich habe das Bild etwas nach unten gerückt, damit über dem Kopf Platz ist.",
    "note_head_cut": "Dein Foto hört unter dem Scheitel auf; was dort oben hingehört, habe ich weggelassen.",
    "note_ears_hidden": "Deine Ohren sind verdeckt; was dort hingehört, habe ich weggelassen.",
    "note_neck_hidden": "Dein Hals ist verdeckt; was dort hingehört, habe ich weggelassen.",
    "note_eyes_closed": "Deine Augen sind zu; das Augen-Make-up habe ich weggelassen.",
    "note_others_left_alone": "Ich habe nur das größte Gesicht verändert; die anderen bleiben, wie sie sind.",
    "note_soft_photo": "Dein Foto ist etwas unscharf; mit einem schärferen sähe es besser aus.",
    "note_dim_photo": "Dein Foto ist etwas dunkel; mit mehr Licht sähe es besser aus.",
    "note_small_face": "Dein Gesicht ist recht klein im Foto; näher sähe es besser aus.",
    "note_turned_face": "Dein Gesicht ist gedreht; von vorn sähe es besser aus.",
}

ERRORS: Mapping[str, str] = {
    "NotAnImage": "Diese Datei kann ich nicht als Bild lesen. Bitte schick ein Foto als JPEG, PNG, WebP, HEIC, AVIF "
    "oder GIF.",
    "BrokenImage": "Dieses Bild ist beschädigt oder abgeschnitten. Bitte schick es noch einmal oder nimm ein neues "
    "auf.",
    "EmptyFile": "Diese Datei ist leer. Bitte schick das Foto noch einmal.",
    "FileTooLarge": "Diese Datei hat {0} MB, ich nehme höchstens {1} MB. Bitte schick eine kleinere Kopie.",
    "TooManyPixels": "Dieses Bild hat {0} Megapixel, ich nehme höchstens {1}. Bitte schick eine kleinere Kopie.",
    "ImageTooSmall": "Dieses Bild hat nur {0}×{1} Pixel. Bitte schick eins mit mindestens {2} Pixeln auf jeder Seite.",
    "NoFace": "Ich finde darin kein Gesicht. Bitte schick ein Foto, das dein Gesicht von vorn zeigt, in gutem Licht.",
    "ManyFaces": "Ich sehe {0} Gesichter und weiß nicht, welches du bist. Bitte schick ein Foto von dir allein oder "
    "schneide die anderen ab.",
    "FaceTooSmall": "Dein Gesicht ist in diesem Foto sehr klein. Bitte geh näher heran oder schneide das Foto um "
    "deinen Kopf zu.",
    "FaceTurned": "Dein Gesicht ist zu weit weggedreht. Bitte schau in Richtung der Kamera.",
    "TooDark": "Dieses Foto ist zu dunkel, um dein Gesicht gut zu sehen. Bitte dreh dich zu einem Fenster oder einer "
    "Lampe und versuch es noch einmal.",
    "TooBright": "Das Licht auf deinem Gesicht ist so hell, dass Einzelheiten fehlen. Bitte versuch es in weicherem "
    "Licht.",
    "TooBlurred": "Dein Gesicht ist in diesem Foto unscharf. Bitte halt still, wisch die Linse ab und versuch es noch "
    "einmal.",
    "FaceCovered": "Etwas verdeckt einen Teil deines Gesichts. Bitte schick ein Foto, auf dem man es ganz sieht.",
    "PhotoExpired": "Dieses Foto habe ich nicht mehr: Fotos werden nach einer Weile gelöscht. Bitte schick es noch "
    "einmal.",
    "UnknownStyle": "Einen Stil namens „{0}“ kenne ich nicht.",
    "CannotMix": "„{0}“ und „{1}“ passen nicht zusammen. Nimm eins von beiden.",
    "TwoFaces": "„{0}“ und „{1}“ bemalen beide das ganze Gesicht, beides zusammen geht nicht. Nimm eins von beiden.",
    "TwoHairColours": "„{0}“ und „{1}“ färben beide das Haar, beides zusammen geht nicht. Nimm eins von beiden.",
    "TwoBackgrounds": "„{0}“ und „{1}“ ändern beide den Hintergrund, beides zusammen geht nicht. Nimm eins von beiden.",
    "TwoHats": "„{0}“ und „{1}“ sitzen beide auf dem Kopf, beides zusammen geht nicht. Nimm eins von beiden.",
    "TwoGlasses": "„{0}“ und „{1}“ sitzen beide auf der Nase, beides zusammen geht nicht. Nimm eins von beiden.",
    "TwoBeards": "„{0}“ und „{1}“ wachsen beide um den Mund, beides zusammen geht nicht. Nimm eins von beiden.",
    "TwoMedia": "„{0}“ und „{1}“ zeichnen beide das ganze Bild neu, beides zusammen geht nicht. Nimm eins von beiden.",
    "TwoEngines": "„{0}“ und „{1}“ entstehen auf verschiedene Weise, beides zusammen geht nicht. Versuch sie "
    "nacheinander.",
    "TooManyStyles": "Ich verbinde höchstens {0} Stile in einem Bild. Bitte lass welche weg.",
    "StyleNeeds": "Dieser Stil braucht etwas, das ich in diesem Foto nicht finde ({0}). Versuch ein anderes Foto oder "
    "einen anderen Stil.",
    "PainterAway": "Der Maler ist gerade nicht zu erreichen. Bitte versuch es später noch einmal, oder nimm einen Stil "
    "aus /styles.",
    "PainterFull": "Der Maler hat mehr zu tun, als er bald schafft. Bitte versuch es in ein paar Minuten noch einmal.",
    "WordsRefused": "„{0}“ male ich nicht: niemanden nackt, niemanden verletzt, keine Kinder, keine echten Menschen "
    "außer dir, keine andere Hautfarbe. Bitte sag es anders.",
    "WordsUnreadable": "Dieser Maler kennt nur die Stile des Katalogs und keine freien Worte. Nimm einen aus /styles.",
    "RenderFailed": "Bei uns ist beim Zeichnen etwas kaputtgegangen. Dein Foto ist in Ordnung: Bitte versuch es noch "
    "einmal.",
}


def ordinal(number: int) -> str:
    return f"{number}."
