"""Effects on the hair's colour: a head wears one."""
