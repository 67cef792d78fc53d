"""Hair that grows on a face: where, which way, and how it looks."""
