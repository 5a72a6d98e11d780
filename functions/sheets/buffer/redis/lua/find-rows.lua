-- ARGV: tab, ids
-- Returns {part, row} of each id in one flat list; 0, 0 for an id without a row.
local tab = ARGV[1]
local found = {}
for n = 2, #ARGV do
  local part, row = findRow(tab, ARGV[n])
  found[#found + 1] = part or 0
  found[#found + 1] = row or 0
end
return found
