-- Adds entries that are not known yet.
-- ARGV: spreadsheet; for each entry: id, ms of submission, tab, tab in lower case, form, '1' if its row is to be repaired, entry as JSON
-- Returns 0.
for n = 2, #ARGV, 7 do
  local id, time, title, folded, form = ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3], ARGV[n + 4]
  local again, entry = ARGV[n + 5] == '1', ARGV[n + 6]
  local tab = knownTitle(title, folded)
  if not isKnownAnywhere(tab, id, form, again) then putEntry(tab, id, time, form, entry) end
end
return 0
