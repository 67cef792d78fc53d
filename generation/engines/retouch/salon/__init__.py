"""A hairdresser's: where on a head hair is, and what dyes do to it."""
