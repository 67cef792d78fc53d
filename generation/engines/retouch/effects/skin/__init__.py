"""Effects on the skin, the whites of the eyes and the teeth as they are."""
