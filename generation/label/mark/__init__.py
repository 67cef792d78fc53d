"""The invisible mark: 64 bits in the picture itself, still there after a chat, a screenshot, a crop.

    payload -> keys, code     64 bits become 512 signs, which only the key's owner can read back
            -> tile           the signs become waves, the waves one square pattern that repeats over the picture
            -> embed          the pattern is added, weakly, and weaker where the eye would see it
    picture -> find           how has it been turned, scaled, mirrored since? then the waves, the signs, the bits
            -> bind           is that the picture the mark was issued for, or was the mark copied onto another one?

`Watermarker` (watermarker.py) is what the label wants of such a mark; `TileMark` (tilemark.py) is the one described
here. Knows no file, no chat and no database.
"""
