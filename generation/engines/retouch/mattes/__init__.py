"""Who is in front: the person and the hair cut out of the photo, softly."""
