"""The retouch engine: draws a style's recipe on a photo with classical image processing, on a CPU."""

from generation.engines.retouch.engine import RetouchEngine, load

__all__ = ["RetouchEngine", "load"]
