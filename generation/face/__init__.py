"""Faces in a photo: where they are, how they look at the camera, and whether they will do. Knows no style."""
