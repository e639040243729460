"""Questions that only make sense after earlier ones, made to stand alone."""
