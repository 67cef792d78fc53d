"""Effects that are put on: colour on lids, lashes, brows, irises, cheeks and lips."""
