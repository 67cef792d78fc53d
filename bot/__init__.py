"""The chat side: reads messages, answers them, keeps what must survive. Loads no torch, PIL, numpy or OpenCV."""
