"""What a town hall knows: money, districts, streams, rules, the workbook, the year, the report."""
