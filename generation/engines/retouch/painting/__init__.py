"""Face paint: a flat sheet to draw on, and how it lies on a face."""
