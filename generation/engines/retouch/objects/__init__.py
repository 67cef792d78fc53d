"""Things made to be worn: solids in the head's space, their materials, and how they are fitted, lit and covered."""
