"""Things worn: on the head, the eyes, the ears, the neck, the chin. Lit like the photo, behind what is in front."""
