"""Effects on what is behind the person: a picture has one."""
