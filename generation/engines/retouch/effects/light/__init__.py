"""Effects of lamps on the person and the place."""
