"""Effects that paint the whole face over: a face wears one."""
