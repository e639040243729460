"""The built-in answer: passages are ranked and read, spans that say the same are pooled, and the best is quoted with its sentence."""
