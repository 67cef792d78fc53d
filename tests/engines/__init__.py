"""Engines for tests: one honest and instant, the others misbehave on purpose, each in its own way.

A job names one by its dotted module: Style(engine="tests.engines.hangs").
"""
