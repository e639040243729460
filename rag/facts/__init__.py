"""What words say by number and date: amounts with units, values and the intervals that they leave open, and whether two of them agree."""
