"""What the others tell, so that it can be told in more than one language. Knows no subject."""
