"""Checks of a claim against what it cites: numbers, dates, names, quotations, attribution, and support as a whole."""
