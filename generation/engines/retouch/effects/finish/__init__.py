"""Effects of the lens and the print on the finished picture."""
