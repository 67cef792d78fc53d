"""Places drawn from nothing, and how a person is put there."""
