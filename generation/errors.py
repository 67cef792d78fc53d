"""Everything that can go wrong with one picture, in sentences for the person in the chat.

    UserError                 its text is written for the person, and says what to do next
    ├── PhotoError            this photo cannot be used; another one may
    │   ├── NotAnImage        ├── BrokenImage       ├── EmptyFile
    │   ├── FileTooLarge      ├── TooManyPixels     ├── ImageTooSmall
    │   ├── NoFace            ├── ManyFaces         ├── FaceTooSmall      ├── FaceTurned
    │   └── TooDark           ├── TooBright         ├── TooBlurred        └── FaceCovered
    │   └── PhotoExpired      it was deleted, as promised
    ├── UnknownStyle          carries the nearest names
    ├── CannotMix             two styles want the same place
    │   ├── TwoFaces          ├── TwoHairColours    ├── TwoBackgrounds    ├── TwoHats
    │   └── TwoGlasses        ├── TwoBeards         └── TwoMedia          └── TwoEngines
    ├── TooManyStyles         for one picture
    ├── StyleNeeds            the style needs something this photo does not show
    ├── PainterAway           whoever paints from words is not there
    ├── PainterFull           it has too much to do
    ├── WordsRefused          words that are not painted
    ├── WordsUnreadable       no free words, only the catalogue's
    └── RenderFailed          our fault: the engine raised, hung, or its process died

Any other exception is a bug, and its text is never shown to anyone.
These errors cross process borders: each pickles by itself, which `tests/generation/test_errors.py` proves.
"""

from typing import ClassVar


class UserError(Exception):
    """Its text may be shown to the person as it is. Subclasses fill `text` with their arguments."""

    text: ClassVar[str] = "That did not work. Please try again."

    def __str__(self) -> str:
        return self.text.format(*self.args)


class PhotoError(UserError):
    """This photo cannot be used; another one may."""


class NotAnImage(PhotoError):
    text = "I can't read that file as a picture. Please send a photo as JPEG, PNG, WebP, HEIC, AVIF or GIF."


class BrokenImage(PhotoError):
    text = "That picture is damaged or cut off. Please send it again, or take a new one."


class EmptyFile(PhotoError):
    text = "That file is empty. Please send the photo again."


class FileTooLarge(PhotoError):
    """Args: the file's size and the limit, in megabytes."""

    text = "That file is {0} MB and I can take up to {1} MB. Please send a smaller copy."


class TooManyPixels(PhotoError):
    """Args: the image's and the largest allowed size, in megapixels."""

    text = "That picture has {0} megapixels and I can take up to {1}. Please send a smaller copy."


class ImageTooSmall(PhotoError):
    """Args: width, height, and the least side, in px."""

    text = "That picture is only {0}×{1} pixels. Please send one with at least {2} pixels on each side."


class NoFace(PhotoError):
    text = "I can't find a face there. Please send a photo that shows your face from the front, in good light."


class ManyFaces(PhotoError):
    """Args: how many faces there are."""

    text = "I see {0} faces and can't tell which one is you. Please send a photo of you alone, or cut the others off."


class FaceTooSmall(PhotoError):
    text = "Your face is very small in that photo. Please come closer, or crop the photo around your head."


class FaceTurned(PhotoError):
    text = "Your face is turned away too far. Please look towards the camera."


class TooDark(PhotoError):
    text = "That photo is too dark to see your face well. Please face a window or a lamp and try again."


class TooBright(PhotoError):
    text = "The light on your face is so bright that details are lost. Please try again in softer light."


class TooBlurred(PhotoError):
    text = "Your face is blurred in that photo. Please hold still, wipe the lens, and try again."


class FaceCovered(PhotoError):
    text = "Something covers part of your face. Please send a photo with your whole face showing."


class PhotoExpired(PhotoError):
    text = "I don't have that photo any more: photos are deleted after a while. Please send it again."


class UnknownStyle(UserError):
    """Args: what was typed, and a tuple of the nearest styles' names."""

    text = "I don't know a style called “{0}”."

    @property
    def nearest(self) -> tuple[str, ...]:
        nearest: tuple[str, ...] = self.args[1]
        return nearest


class CannotMix(UserError):
    """Args: the titles of the two styles that do not go together."""

    text = "“{0}” and “{1}” do not go together. Pick one of the two."


class TwoFaces(CannotMix):
    text = "“{0}” and “{1}” both paint the whole face, so I can't combine them. Pick one of the two."


class TwoHairColours(CannotMix):
    text = "“{0}” and “{1}” both colour the hair, so I can't combine them. Pick one of the two."


class TwoBackgrounds(CannotMix):
    text = "“{0}” and “{1}” both change the background, so I can't combine them. Pick one of the two."


class TwoHats(CannotMix):
    text = "“{0}” and “{1}” both sit on the head, so I can't combine them. Pick one of the two."


class TwoGlasses(CannotMix):
    text = "“{0}” and “{1}” both sit on the nose, so I can't combine them. Pick one of the two."


class TwoBeards(CannotMix):
    text = "“{0}” and “{1}” both grow on the same lip or chin, so I can't combine them. Pick one of the two."


class TwoMedia(CannotMix):
    text = "“{0}” and “{1}” both draw the whole picture anew, so I can't combine them. Pick one of the two."


class TwoEngines(CannotMix):
    text = "“{0}” and “{1}” are made in different ways, so I can't combine them. Try one after the other."


class TooManyStyles(UserError):
    """Args: how many go together at most."""

    text = "I can combine up to {0} styles in one picture. Please leave some out."


class StyleNeeds(UserError):
    """Args: what the style needs to see, as a noun: "hair"."""

    text = "This style needs to see your {0}, and I can't find it in that photo. Try another photo or another style."


class RenderFailed(UserError):
    text = "Something broke on our side while making your picture. Your photo is fine: please try again."


class PainterAway(UserError):
    text = "The painter can't be reached right now. Please try again in a while, or pick a style of /styles."


class PainterFull(UserError):
    text = "The painter has more to do than it can finish soon. Please try again in a few minutes."


class WordsRefused(UserError):
    """Args: the word that is not painted."""

    text = (
        "I don't paint “{0}”: nobody naked, nobody hurt, no children, no real people but you, nobody's skin made "
        "another. Please say it otherwise."
    )


class WordsUnreadable(UserError):
    """No encoder of free words is loaded."""

    text = "This painter only knows the styles of the catalogue, not free words. Pick one of /styles."
