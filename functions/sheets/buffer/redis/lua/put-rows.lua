-- ARGV: tab, part, section (0: the current one of the part), then id and row of each
-- Returns 0.
local tab, part, section = ARGV[1], ARGV[2], tonumber(ARGV[3])
if section == 0 then section = sectionOf(tab, part) end
for n = 4, #ARGV, 2 do putRow(tab, ARGV[n], section, tonumber(ARGV[n + 1])) end
return 0
