"""What pictures can be drawn with: brushes, ink, film."""
