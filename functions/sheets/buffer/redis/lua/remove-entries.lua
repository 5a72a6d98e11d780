-- ARGV: spreadsheet, ids
-- Returns 0.
for n = 2, #ARGV do removeEntry(ARGV[n]) end
removeIfEmpty(spreadsheet)
return 0
