"""The label every picture leaves with. `stamp` is the only way out of the worker; `kinds` may be imported anywhere."""
