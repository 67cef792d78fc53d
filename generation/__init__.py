"""The picture side: from a person's photo to a labelled picture. Knows no chat, no person and no database."""
