"""The input workbook: its sheets as data, read with every fault at once, made, and marked."""
