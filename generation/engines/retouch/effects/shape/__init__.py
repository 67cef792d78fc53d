"""Effects that bend the picture; everything drawn later follows them."""
