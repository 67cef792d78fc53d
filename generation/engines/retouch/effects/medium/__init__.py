"""Effects that draw the whole picture anew: film, ink, paint. A picture has one."""
